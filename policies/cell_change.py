"""What has to be published for a cell of the grid to say another limit, and what stands in the way.

Pure: each change is tried on the rulebook before anybody writes it, and only one after which the
cell says exactly what was asked is ever named. What must stay true: a change of a cell alone is a
rule about exactly its remedy, tier and reasons, so that no cell of another remedy or tier moves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from policies.decision import Bound, BoundKind, Decision
from policies.grid import TierTerms, decision_of, holds_always
from policies.rules import ReasonTerms, RemedyTerms, Rule, Rulebook

NEW = 0  # the id of a rule that is not written yet
_TIGHT = (BoundKind.FORBIDDEN, BoundKind.RESTRICTION, BoundKind.REMEDY)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: the remedy, the tier, and the reasons of its row; none for any reason."""

    remedy: RemedyTerms
    tier: TierTerms
    reasons: tuple[ReasonTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A rule to publish, as the next version of `replaces` or, without one, as a rule of its own.

    Its words are still those of the version before, or none.
    """

    rule: Rule
    replaces: Rule | None


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Why no single rule makes the cell say what was asked: the bounds that hold it back."""

    bounds: tuple[Bound, ...]


def now_at(rulebook: Rulebook, place: Place, at: datetime) -> Decision:
    """What the cell says at a moment."""
    return _decisions(rulebook, place, at)[0]


def says(rulebook: Rulebook, place: Place, limit: Decimal, at: datetime) -> bool:
    """Whether the cell says so at a moment, after each of its reasons."""
    return all(decision.limit == limit for decision in _decisions(rulebook, place, at))


def own_rules(rulebook: Rulebook, place: Place, at: datetime) -> list[Rule]:
    """The rules in force that are about exactly this cell; the one that binds comes first."""
    binding = now_at(rulebook, place, at).binding.policy_id
    own = [r for r in rulebook.in_force(at) if _is_exactly(r, place)]
    return sorted(own, key=lambda rule: (rule.id != binding, rule.id))


def broader_rules(rulebook: Rulebook, place: Place, moments: Iterable[datetime]) -> list[Rule]:
    """The rules that bind here at one of these moments, and are about more than this cell."""
    binding = {now_at(rulebook, place, at).binding.policy_id for at in moments}
    return [r for r in rulebook.rules if r.id in binding and not _is_exactly(r, place)]


def change_of(
    rulebook: Rulebook,
    place: Place,
    limit: Decimal,
    *,
    at: datetime,
    for_all_of: Rule | None = None,
) -> Change | InTheWay:
    """The rule after which the cell says exactly `limit`, in the remedy's measure, from `at` on.

    `for_all_of` is a broader rule that is changed for all that it covers; without one, the change
    is about this cell alone.
    """
    changes = (
        _for_all(rulebook, for_all_of, place, limit)
        if for_all_of
        else _for_cell(rulebook, place, limit, at)
    )
    missed: Decision | None = None
    for change in changes:
        rule = replace(change.rule, starts_at=at)
        instead_of = () if change.replaces is None else (change.replaces.id,)
        decisions = _decisions(rulebook.with_rule(rule, instead_of=instead_of), place, at)
        if all(decision.limit == limit for decision in decisions):
            return replace(change, rule=rule)
        # The first change tried is of the cell's own rule, which so is not in its own way.
        missed = missed or next(d for d in decisions if d.limit != limit)
    return InTheWay(_holding_back(missed or now_at(rulebook, place, at), limit))


def _for_cell(rulebook: Rulebook, place: Place, limit: Decimal, at: datetime) -> Iterator[Change]:
    """The cell's own rule with another figure, or a new one, each in every way it could be meant.

    A restriction is tried before a grant: it comes out only where it takes something away.
    """
    for rule in own_rules(rulebook, place, at):
        for effect in _effects(limit, rule.effect):
            yield Change(_saying(rule, place, limit, effect), rule)
    for effect in _effects(limit):
        yield Change(_saying(_unwritten(place, at), place, limit, effect), None)


def _for_all(rulebook: Rulebook, rule: Rule, place: Place, limit: Decimal) -> Iterator[Change]:
    """The broader rule with another figure; one that forbids may allow so much from then on.

    Its figure is an amount at face value, unless all that it is about is given by the piece.
    """
    worth = place.remedy.face_value_of(limit)
    if rule.effect != "forbid":
        yield Change(replace(rule, value=limit if rule.measure == "quantity" else worth), rule)
    elif limit:
        by_piece = rule.remedies and all(
            rulebook.remedy_by_id(r).by_quantity for r in rule.remedies
        )
        measure, value = ("quantity", limit) if by_piece else ("amount", worth)
        allows = replace(rule, effect="restrict", measure=measure, value=value)
        yield Change(replace(allows, per="case", window_days=None), rule)


def _effects(limit: Decimal, now: str = "") -> tuple[str, ...]:
    if not limit:
        return ("forbid",)
    first = () if now in ("", "forbid") else (now,)
    return (*first, *(e for e in ("restrict", "grant") if e != now))


def _saying(rule: Rule, place: Place, limit: Decimal, effect: str) -> Rule:
    """The rule with this figure and effect, and only with what goes with that effect."""
    measure = "quantity" if place.remedy.by_quantity else "amount"
    return replace(
        rule,
        effect=effect,
        measure="" if effect == "forbid" else measure,
        value=limit,
        per="case",
        window_days=None,
        entitlement=rule.entitlement and effect == "grant",
        allows_grace=rule.allows_grace and effect == "restrict",
    )


def _unwritten(place: Place, at: datetime) -> Rule:
    return Rule(
        id=NEW,
        version=1,
        title="",
        effect="restrict",
        measure="amount",
        value=Decimal(0),
        per="case",
        window_days=None,
        entitlement=False,
        allows_grace=False,
        review_afterwards=False,
        rationale="",
        customer_wording="",
        starts_at=at,
        ends_at=None,
        reason_codes=frozenset(reason.id for reason in place.reasons),
        remedies=frozenset({place.remedy.id}),
        tiers=frozenset({place.tier.id}),
    )


def _is_exactly(rule: Rule, place: Place) -> bool:
    return (
        holds_always(rule)
        and rule.remedies == {place.remedy.id}
        and rule.tiers == {place.tier.id}
        and rule.reason_codes == {reason.id for reason in place.reasons}
    )


def _decisions(rulebook: Rulebook, place: Place, at: datetime) -> list[Decision]:
    """What is decided in the cell: after each of its reasons, or after any."""
    after: list[int | None] = [reason.id for reason in place.reasons] if place.reasons else [None]
    return [decision_of(rulebook, place.remedy, place.tier, reason, at) for reason in after]


def _holding_back(tried: Decision, limit: Decimal) -> tuple[Bound, ...]:
    """What keeps it under what was asked; where nothing does, what it comes to instead."""
    tight = tuple(b for b in tried.bounds if b.kind in _TIGHT and b.limit < limit)
    return tight or (tried.binding,)
