"""What bounds a remedy here and now: the tier, each rule that applies, the remedy, the month.

Pure, as `authority.py` is, which weighs these bounds against each other. What must stay true: a
fact that is not known never makes a grant apply and never makes a restriction fall away.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from policies.decision import Bound, BoundKind
from policies.question import Given, Question
from policies.rules import (
    HUNDRED,
    UNLIMITED,
    ConditionTerms,
    RemedyTerms,
    Rule,
    Rulebook,
    only_for_units,
)

ZERO = Decimal(0)

COMPARE: dict[str, Callable[..., bool]] = {
    "eq": lambda fact, value: fact == value,
    "ne": lambda fact, value: fact != value,
    "lt": lambda fact, value: fact < value,
    "le": lambda fact, value: fact <= value,
    "gt": lambda fact, value: fact > value,
    "ge": lambda fact, value: fact >= value,
    "in": lambda fact, value: fact in value,
}


def bounds_on(remedy: RemedyTerms, rulebook: Rulebook, question: Question) -> Iterable[Bound]:
    """Every bound there is on this remedy here and now."""
    yield Bound(
        BoundKind.TIER,
        limit=remedy.most_for_cost(question.left_of_limit(remedy.id)),
        reach=remedy.most_for_cost(question.reach_of_limit(remedy.id)),
    )
    for rule in rulebook.rules:
        if rule.in_force(question.at) and rule.covers(remedy.id) and rule.is_about(question):
            bound = _bound_of(rule, question, remedy)
            if bound is not None:
                yield bound
    if remedy.most_in_a_case != UNLIMITED:
        in_case = sum((g.measure for g in _of_remedy_in_case(question, remedy)), ZERO)
        most = max(remedy.most_in_a_case - in_case, ZERO)
        yield Bound(BoundKind.REMEDY, limit=most, reach=most)
    yield _budget(question, remedy)


def _bound_of(rule: Rule, question: Question, remedy: RemedyTerms) -> Bound | None:
    """What the rule allows here; None where one of its conditions does not hold."""
    unknown = []
    for condition in rule.conditions:
        holds = _holds(condition, rule, question)
        if holds is False:
            return None
        if holds is None:
            unknown.append(condition.fact.key)
    if rule.effect == "forbid":
        return _bound(rule, BoundKind.FORBIDDEN, ZERO, ZERO, tuple(unknown))
    missing = question.missing_for(rule)
    needs = (*unknown, *missing)
    if rule.effect == "grant":
        granted = ZERO if needs else _room(rule, question, remedy)
        return _bound(rule, BoundKind.GRANT, granted, granted, needs)
    if missing:
        return _bound(rule, BoundKind.RESTRICTION, ZERO, ZERO, needs)
    room = _room(rule, question, remedy)
    reach = _room(rule, question, remedy, question.with_grace) if rule.allows_grace else room
    return _bound(rule, BoundKind.RESTRICTION, room, reach, needs)


def _holds(condition: ConditionTerms, rule: Rule, question: Question) -> bool | None:
    """Whether the comparison holds; None where the fact is not known."""
    fact = question.fact(condition, rule)
    if fact is None:
        return None
    return COMPARE[condition.operator](fact, condition.value)


def _room(
    rule: Rule, question: Question, remedy: RemedyTerms, factor: Decimal = Decimal(1)
) -> Decimal:
    """What the rule leaves for this remedy, in its measure; `factor` widens its figure by grace."""
    if only_for_units(rule.effect, rule.measure) and not remedy.by_quantity:
        return ZERO  # the remedy is given by amount since: no number may become that much money
    counted = question.counted_with(rule)
    figure = rule.value * factor
    match rule.measure:
        case "times":
            return UNLIMITED if len(counted) + 1 <= figure else ZERO
        case "quantity":
            left = figure - sum((g.measure for g in counted), ZERO)
            return max(left // 1, ZERO)
        case "percent" if question.order_value is not None:
            figure = figure * question.order_value / HUNDRED
    return remedy.most_for_face_value(figure - sum((g.face_value for g in counted), ZERO))


def _bound(
    rule: Rule, kind: BoundKind, limit: Decimal, reach: Decimal, needs: tuple[str, ...]
) -> Bound:
    return Bound(
        kind,
        limit=limit,
        reach=reach,
        title=rule.title,
        rationale=rule.rationale,
        customer_wording=rule.customer_wording,
        only_when=rule.only_when,
        policy_id=rule.id,
        version=rule.version,
        entitlement=rule.entitlement,
        review_afterwards=rule.review_afterwards,
        needs=needs,
    )


def _budget(question: Question, remedy: RemedyTerms) -> Bound:
    """What is left of the employee's month, in the remedy's measure."""
    if question.budget_reach == UNLIMITED:
        return Bound(BoundKind.BUDGET, UNLIMITED, UNLIMITED)
    return Bound(
        BoundKind.BUDGET,
        limit=remedy.most_for_cost(question.budget_left),
        reach=remedy.most_for_cost(question.budget_reach),
    )


def _of_remedy_in_case(question: Question, remedy: RemedyTerms) -> list[Given]:
    return [g for g in question.given if g.this_case and g.remedy_id == remedy.id]
