"""A slow and obvious second opinion on how far someone's word goes (DESIGN.md §4).

It computes no limits. It asks of one measure after the other, cent by cent, "may this much be
given?", and the limit is the last before the first no. Numbers are fractions: nothing is rounded
but a cost, which comes in whole cents. It reads the plain fields of rulebook and question and
calls none of their methods.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from policies.authority import Ask
from policies.decision import Decision
from policies.question import Given, Question
from policies.rules import ConditionTerms, RemedyTerms, Rule, Rulebook

UNLIMITED = Decimal("Infinity")
ENORMOUS = Fraction(10**9)
PLACES = {"USD": 2, "GBP": 2, "AUD": 2, "JPY": 0, "KWD": 3}


@dataclass(frozen=True)
class Opinion:
    """What a decision comes to."""

    remedy: str
    verdict: str
    limit: Decimal
    reach: Decimal
    covered_by: int | None
    owed: bool
    review: bool
    needs: frozenset[str]
    rules: frozenset[int]
    cost: Decimal
    against_limit: Decimal
    alternatives: tuple[tuple[str, Decimal], ...] = ()


def read(decision: Decision) -> Opinion:
    """A decision of the program, in the words of the oracle."""
    return Opinion(
        remedy=decision.remedy.code,
        verdict=str(decision.verdict),
        limit=decision.limit,
        reach=decision.reach,
        covered_by=decision.covered_by.policy_id if decision.covered_by else None,
        owed=decision.owed,
        review=decision.review,
        needs=frozenset(decision.needs),
        rules=frozenset(b.policy_id for b in decision.bounds if b.policy_id is not None),
        cost=decision.cost,
        against_limit=decision.against_limit,
        alternatives=tuple((d.remedy.code, d.limit) for d in decision.alternatives),
    )


def opinions(rulebook: Rulebook, question: Question, asks: Sequence[Ask]) -> list[Opinion]:
    """What comes of giving all this in one go, in the order of the asks."""
    found, afterwards = _in_turn(rulebook, question, asks)
    instead = tuple((o.remedy, o.limit) for o in offers(rulebook, afterwards) if o.limit > 0)
    return [replace(o, alternatives=instead) if o.verdict == "outside" else o for o in found]


def offers(rulebook: Rulebook, question: Question, chosen: Sequence[Ask] = ()) -> list[Opinion]:
    """What could be given of every remedy in use, next to the other chosen ones."""
    found = []
    for remedy in rulebook.remedies:
        if remedy.is_active:
            others = [ask for ask in chosen if ask.remedy.id != remedy.id]
            _, afterwards = _in_turn(rulebook, question, others)
            found.append(_opinion(rulebook, afterwards, remedy, None))
    return found


def _in_turn(
    rulebook: Rulebook, question: Question, asks: Sequence[Ask]
) -> tuple[list[Opinion], Question]:
    """The dearest first; what is refused leaves everything as it was."""
    turns = sorted(
        enumerate(asks),
        key=lambda t: (cost(t[1].remedy, t[1].measure), -t[1].remedy.id, t[1].measure),
        reverse=True,
    )
    found: dict[int, Opinion] = {}
    for place, ask in turns:
        found[place] = _opinion(rulebook, question, ask.remedy, ask.measure)
        question = _afterwards(question, ask, found[place])
    return [found[place] for place in range(len(asks))], question


def _opinion(
    rulebook: Rulebook, question: Question, remedy: RemedyTerms, asked: Decimal | None
) -> Opinion:
    rules = [r for r in rulebook.rules if _is_about(r, question, remedy)]
    grants = [r for r in rules if r.effect == "grant" and not _unknown(r, question)]
    owed = [r for r in grants if r.entitlement]
    hurdles = [r for r in rules if r.effect != "grant"]

    def may(x: Fraction, *, grace: bool) -> bool:
        trusted = _tier_lets(question, remedy, x, grace=grace) or any(
            _has_room(r, question, remedy, x) for r in grants
        )
        paid = _month_pays(question, remedy, x, grace=grace) or any(
            _has_room(r, question, remedy, x) for r in owed
        )
        unhindered = all(_lets(r, question, remedy, x, grace=grace) for r in hurdles)
        return trusted and paid and unhindered and _not_too_many(question, remedy, x)

    limit = _last_before_no(lambda x: may(x, grace=False), _step(remedy))
    reach = _last_before_no(lambda x: may(x, grace=True), _step(remedy))
    verdict = _verdict(limit, reach, asked)
    x = Fraction(asked or 0)
    covering = [r for r in grants if asked and _has_room(r, question, remedy, x)]
    covering.sort(key=lambda r: (not r.entitlement, r.id))
    restricted = [r for r in rules if r.effect == "restrict"]
    return Opinion(
        remedy=remedy.code,
        verdict=verdict,
        limit=limit,
        reach=reach,
        covered_by=covering[0].id if covering else None,
        owed=bool(covering) and covering[0].entitlement,
        review=verdict == "grace" or any(r.review_afterwards for r in [*restricted, *covering[:1]]),
        needs=frozenset(need for r in rules for need in _unknown(r, question)),
        rules=frozenset(r.id for r in rules),
        cost=_decimal(cost(remedy, x)),
        against_limit=_decimal(Fraction(0) if covering else cost(remedy, x)),
    )


def _verdict(limit: Decimal, reach: Decimal, asked: Decimal | None) -> str:
    """Where nothing is asked: whether the smallest bit of it could be given."""
    if asked is None:
        return "within" if limit else "grace" if reach else "outside"
    return "within" if asked <= limit else "grace" if asked <= reach else "outside"


def _last_before_no(may: Callable[[Fraction], bool], step: Fraction) -> Decimal:
    if may(ENORMOUS):
        return UNLIMITED
    x = Fraction(0)
    while may(x + step):
        x += step
    return _decimal(x)


# --- What each part of the house says to "may this much be given?" ------------------------------


def _tier_lets(question: Question, remedy: RemedyTerms, x: Fraction, *, grace: bool) -> bool:
    used = Fraction(0)
    for given in question.given:
        if given.this_case:
            same = given.remedy_id == remedy.id
            used += Fraction(given.cost if same else given.against_limit)
    widened = 1 + Fraction(question.grace_percent) / 100 if grace else 1
    taken = cost(remedy, x)
    return taken == 0 or used + taken <= Fraction(question.limit) * widened


def _month_pays(question: Question, remedy: RemedyTerms, x: Fraction, *, grace: bool) -> bool:
    left = question.budget_reach if grace else question.budget_left
    taken = cost(remedy, x)
    return taken == 0 or left == UNLIMITED or taken <= Fraction(left)


def _not_too_many(question: Question, remedy: RemedyTerms, x: Fraction) -> bool:
    if remedy.max_quantity is None:
        return True
    same = [g for g in question.given if g.this_case and g.remedy_id == remedy.id]
    return x == 0 or sum(Fraction(g.measure) for g in same) + x <= remedy.max_quantity


def _lets(rule: Rule, question: Question, remedy: RemedyTerms, x: Fraction, *, grace: bool) -> bool:
    """Whether a restriction or a prohibition lets it pass."""
    if x == 0:
        return True
    if rule.effect == "forbid" or _not_told(rule, question):
        return False
    widened = 1 + Fraction(question.grace_percent) / 100 if grace and rule.allows_grace else 1
    return _has_room(rule, question, remedy, x, Fraction(widened))


def _has_room(
    rule: Rule,
    question: Question,
    remedy: RemedyTerms,
    x: Fraction,
    widened: Fraction = Fraction(1),
) -> bool:
    """Whether so much more still fits into the rule's own figure."""
    counted = _counted(rule, question)
    figure = Fraction(rule.value) * widened
    names_no_amount = rule.measure == "quantity" or rule.effect + rule.measure == "granttimes"
    if names_no_amount and remedy.cost_per_unit is None:
        return x == 0
    if rule.measure == "times":
        return x == 0 or len(counted) + 1 <= figure
    if rule.measure == "quantity":
        return x == 0 or sum(Fraction(g.measure) for g in counted) + x <= figure
    if rule.measure == "percent":
        figure = Fraction(question.order_value or 0) * figure / 100
    worth = face_value(remedy, x)
    return worth == 0 or sum(Fraction(g.face_value) for g in counted) + worth <= figure


def _counted(rule: Rule, question: Question) -> list[Given]:
    pools = {
        "case": [g for g in question.given if g.this_case],
        "order": [g for g in question.given if g.this_order],
        "customer": _within(rule.window_days, question),
    }
    return [g for g in pools[rule.per] if not rule.remedies or g.remedy_id in rule.remedies]


def _within(days: int | None, question: Question) -> list[Given]:
    of_customer = [g for g in question.given if g.this_customer]
    return [g for g in of_customer if days is None or question.at - g.at < timedelta(days=days)]


# --- Whether a rule is about this at all --------------------------------------------------------


def _is_about(rule: Rule, question: Question, remedy: RemedyTerms) -> bool:
    """In force, in scope, and no condition known not to hold."""
    if rule.starts_at > question.at or (rule.ends_at is not None and rule.ends_at <= question.at):
        return False
    matches = [
        (rule.remedies, remedy.id),
        (rule.reason_codes, question.reason_id),
        (rule.tiers, question.tier_id),
        (rule.teams, question.team_id),
        (rule.channels, question.channel),
    ]
    if any(scope and it not in scope for scope, it in matches):
        return False
    return all(_holds(c, rule, question) is not False for c in rule.conditions)


def _unknown(rule: Rule, question: Question) -> list[str]:
    """All that would have to be told."""
    facts = [c.fact.key for c in rule.conditions if _holds(c, rule, question) is None]
    return facts + (_not_told(rule, question) if rule.effect != "forbid" else [])


def _not_told(rule: Rule, question: Question) -> list[str]:
    """What the rule's own figure needs."""
    needs = []
    if rule.per == "customer" and not question.customer_known:
        needs.append("customer")
    if rule.per == "order" and question.order_reference == "":
        needs.append("order_reference")
    if rule.measure == "percent" and question.order_value is None:
        needs.append("order_value")
    return needs


_SAYS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "in": lambda fact, values: any(fact == value for value in values),
}


def _holds(condition: ConditionTerms, rule: Rule, question: Question) -> bool | None:
    known = next(_fact(condition, rule, question), None)
    return None if known is None else _SAYS[condition.operator](known, condition.value)


def _fact(condition: ConditionTerms, rule: Rule, question: Question) -> Iterator[Any]:
    """Gives the fact if it is known, and nothing if not."""
    today = question.today or question.at.date()
    elsewhere = [g for g in _within(condition.window_days, question) if not g.this_case]
    key = condition.fact.key
    if key == "days_since_order" and question.order_date:
        yield (today - question.order_date).days
    elif key == "days_as_customer" and question.customer_since:
        yield (today - question.customer_since).days
    elif key == "earlier_resolutions" and question.customer_known:
        yield len(elsewhere)
    elif key == "earlier_same" and question.customer_known:
        yield len([g for g in elsewhere if not rule.remedies or g.remedy_id in rule.remedies])
    elif key == "earlier_value" and question.customer_known:
        yield sum(Fraction(g.face_value) for g in elsewhere)
    elif key in ("channel", "customer_segment", "lifetime_value", "order_value", "second_failure"):
        if getattr(question, key) not in (None, ""):
            yield getattr(question, key)
    elif key in question.facts and _is_a(condition.fact.kind, question.facts[key]):
        yield question.facts[key]


def _is_a(kind: str, value: Any) -> bool:
    return isinstance(value, {"yes_no": bool, "choice": str}.get(kind, Decimal))


# --- Money --------------------------------------------------------------------------------------


def cost(remedy: RemedyTerms, x: Fraction | Decimal) -> Fraction:
    """What so much costs the company: whole cents, and no part of one is lost."""
    if remedy.cost_per_unit is not None:
        return Fraction(x) * Fraction(remedy.cost_per_unit)
    cent = _step(remedy)
    return ceil(Fraction(x) * Fraction(remedy.cost_share) / cent) * cent


def face_value(remedy: RemedyTerms, x: Fraction) -> Fraction:
    """What so much is worth to the customer."""
    return x if remedy.cost_per_unit is None else x * Fraction(remedy.face_per_unit)


def _step(remedy: RemedyTerms) -> Fraction:
    """The smallest bit of it: one, or a cent."""
    if remedy.cost_per_unit is not None:
        return Fraction(1)
    return Fraction(1, 10 ** PLACES[remedy.currency])


def _afterwards(question: Question, ask: Ask, opinion: Opinion) -> Question:
    if opinion.verdict == "outside":
        return question
    new = Given(
        remedy_id=ask.remedy.id,
        measure=ask.measure,
        face_value=_decimal(face_value(ask.remedy, Fraction(ask.measure))),
        cost=opinion.cost,
        against_limit=opinion.against_limit,
        at=question.at,
    )
    charged = Decimal(0) if opinion.owed else opinion.cost
    return replace(
        question,
        given=(*question.given, new),
        budget_left=question.budget_left - charged,
        budget_reach=question.budget_reach - charged,
    )


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / exact.denominator
