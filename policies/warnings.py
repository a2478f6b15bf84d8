"""What a manager should know of a rule before it is published; none of it keeps them from it.

A rule that can never apply, that another hides, that gives less than the tier gives already, that
leaves nothing to give for a reason code, or that would begin in the past. What must stay true: of
a grant that is said never to apply, and of a rule that is said to be hidden, no decision changes
when it is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from employees.models import AuthorityTier
from employees.money import format_money
from policies.conditions import contradicting
from policies.facts import BUILT_IN
from policies.models import Policy, Status
from policies.overlaps import (
    allows_no_more,
    channels_of,
    forbids,
    grants_as_much,
    holds_down,
    holds_wherever,
)
from policies.rulebook import draft_rule, rulebook_of
from policies.rules import UNLIMITED, ReasonTerms, RemedyTerms, Rule, Rulebook
from policies.words import any_of, date_words


class Kind(StrEnum):
    """What there is to know."""

    NEVER = "never"
    CONTRADICTS = "contradicts"
    HIDDEN = "hidden"
    HELD_DOWN = "held-down"
    NO_MORE = "no-more"
    NOTHING_LEFT = "nothing-left"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to know, in a sentence; `policy_id` is the other rule that it is about."""

    kind: Kind
    words: str
    policy_id: int | None = None


def warnings_before_publishing(draft: Policy, *, at: datetime) -> list[Warned]:
    """All there is to know about a draft, or a version in force, next to the rules that hold."""
    rulebook = rulebook_of(draft.division)
    versions = Policy.objects.filter(series=draft.series, status=Status.PUBLISHED)
    own = set(versions.values_list("pk", flat=True))
    others = tuple(rule for rule in rulebook.rules if rule.id not in own)
    rule = draft_rule(draft, starts_at=max(draft.starts_at or at, at))
    tiers = AuthorityTier.objects.filter(division=draft.division_id)
    found = list(warnings_about(rule, others, rulebook, tiers))
    if draft.status == Status.DRAFT and draft.starts_at is not None and draft.starts_at < at:
        starts = date_words(draft.starts_at)
        found.append(Warned(Kind.PAST, f"Its start, {starts}, is past: it would hold from now on."))
    return found


def warnings_about(
    rule: Rule, others: Sequence[Rule], rulebook: Rulebook, tiers: Iterable[AuthorityTier]
) -> Iterator[Warned]:
    """What there is to know about a rule next to others, whenever it is."""
    yield from _never(rule, rulebook)
    beside = [other for other in others if holds_wherever(other, rule)]
    yield from _hidden(rule, beside, rulebook.currency)
    if rule.effect == "grant" and not rule.entitlement:
        yield from _no_more(rule, rulebook, tiers)
    yield from _nothing_left(rule, beside, rulebook)


# --- Never ----------------------------------------------------------------------------------------


def _never(rule: Rule, rulebook: Rulebook) -> Iterator[Warned]:
    for row in contradicting([*rule.conditions, *channels_of(rule)]):
        if rule.effect == "grant" or (rule.channels and row.fact.key == "channel"):
            yield Warned(
                Kind.NEVER,
                f"It can never apply: what it asks of {row.fact.label} is never all so.",
            )
        else:
            yield Warned(
                Kind.CONTRADICTS,
                f"What it asks of {row.fact.label} is never all so: it holds only where that is "
                "not told.",
            )
    remedies = [r for r in rulebook.remedies if rule.remedies and r.id in rule.remedies]
    if remedies and not any(r.is_active for r in remedies):
        yield _out_of_use(remedies)
    reasons = [r for r in rulebook.reasons if rule.reason_codes and r.id in rule.reason_codes]
    if reasons and not any(r.is_active for r in reasons):
        yield _out_of_use(reasons)
    if rule.effect == "grant":
        asked = {fact.key for reason in reasons or rulebook.reasons for fact in reason.facts}
        for condition in rule.conditions:
            if condition.fact.key not in BUILT_IN and condition.fact.key not in asked:
                who = "none of its reason codes" if reasons else "no reason code"
                yield Warned(
                    Kind.NEVER, f"It can never apply: {who} asks for {condition.fact.label}."
                )


def _out_of_use(rows: Sequence[RemedyTerms | ReasonTerms]) -> Warned:
    names, verb = any_of([row.name for row in rows]), "is" if len(rows) == 1 else "are"
    return Warned(Kind.NEVER, f"It applies to nothing now: {names} {verb} out of use.")


# --- Hidden ---------------------------------------------------------------------------------------


def _hidden(rule: Rule, beside: Sequence[Rule], currency: str) -> Iterator[Warned]:
    for other in beside:
        named = f"“{other.title}”"
        if forbids(other, rule):
            words = f"{named} forbids this already, whatever this rule says."
            yield Warned(Kind.HIDDEN, words, other.id)
        elif allows_no_more(other, rule):
            yield Warned(Kind.HIDDEN, f"{named} allows no more than this already.", other.id)
        elif grants_as_much(other, rule):
            yield Warned(Kind.HIDDEN, f"{named} grants at least as much already.", other.id)
        elif holds_down(other, rule):
            figure = _figure(other, currency)
            yield Warned(Kind.HELD_DOWN, f"{named} holds it down to {figure}.", other.id)


def _figure(rule: Rule, currency: str) -> str:
    if rule.measure == "amount":
        return format_money(rule.value, currency)
    figure = f"{rule.value.normalize():f}"
    return f"{figure} %" if rule.measure == "percent" else figure


# --- No more than the tier ------------------------------------------------------------------------


def _no_more(rule: Rule, rulebook: Rulebook, tiers: Iterable[AuthorityTier]) -> Iterator[Warned]:
    """The tiers in its scope that may give as much already, of every remedy that it covers."""
    remedies = [r for r in rulebook.remedies if r.is_active and rule.covers(r.id)]
    costs = [_cost_of(rule, remedy) for remedy in remedies]
    dearest = max((cost for cost in costs if cost is not None), default=None)
    if dearest is None or None in costs:
        return
    within = [t for t in tiers if not rule.tiers or t.pk in rule.tiers]
    enough = [t for t in within if t.limit_per_case >= dearest]
    if enough and len(enough) == len(within):
        lowest = min(enough, key=lambda tier: tier.limit_per_case)
        limit = format_money(lowest.limit_per_case, rulebook.currency)
        yield Warned(
            Kind.NO_MORE,
            f"It gives no more than the tier gives already: {lowest.name} may give {limit} for a "
            "case. It only leaves that for other remedies.",
        )


def _cost_of(rule: Rule, remedy: RemedyTerms) -> Decimal | None:
    """What the grant costs at most in one case; None where that depends on the case."""
    match rule.measure:
        case "amount":
            most = min(remedy.most_for_face_value(rule.value), remedy.most_in_a_case)
            return None if most == UNLIMITED else remedy.cost_of(most)
        case "quantity":
            return remedy.cost_of(rule.value)
    return None


# --- Nothing left ---------------------------------------------------------------------------------


def _closes(rule: Rule, remedy: RemedyTerms) -> bool:
    """Whether it leaves nothing of the remedy. One without a face value is worth no amount."""
    if not rule.covers(remedy.id):
        return False
    if rule.effect == "forbid":
        return True
    by_worth = rule.measure in ("amount", "percent")
    nothing = rule.effect == "restrict" and rule.value == 0
    return nothing and not (by_worth and remedy.most_for_face_value(rule.value))


def _nothing_left(rule: Rule, beside: Sequence[Rule], rulebook: Rulebook) -> Iterator[Warned]:
    """The reason codes in its scope, where it closes the last remedy that the others leave."""
    left = [
        remedy
        for remedy in rulebook.remedies
        if remedy.is_active and not any(_closes(other, remedy) for other in beside)
    ]
    reasons = [
        reason.name
        for reason in rulebook.reasons
        if reason.is_active and (not rule.reason_codes or reason.id in rule.reason_codes)
    ]
    if reasons and left and all(_closes(rule, remedy) for remedy in left):
        whenever = " where its conditions hold" if rule.conditions else ""
        yield Warned(
            Kind.NOTHING_LEFT,
            f"It leaves nothing to give for {any_of(reasons)}{whenever}: "
            "whoever it is about could only say no.",
        )
