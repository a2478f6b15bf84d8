"""How far one's word goes with each remedy, as far as it can be said before there is a case.

The figure is what authority answers for a customer and an order that were never helped before, by
the rules that ask for nothing more. What depends on the case (a percentage of an order, a
condition, a channel) stands beside it in words, and is never shown as 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from employees.models import Employee
from policies.authority import options
from policies.decision import BoundKind, Decision
from policies.models import Channel, Effect, Measure, Policy
from policies.question import Question
from policies.rules import UNLIMITED, Rule, Rulebook
from policies.sentences import conditions_words, how_much
from policies.words import any_of, measured, names

_ORDER = {Effect.GRANT: 0, Effect.RESTRICT: 1, Effect.FORBID: 2}
_SOMEONE = "somebody's first order"


@dataclass(frozen=True, slots=True)
class InWords:
    """What one rule does to a remedy, in a few words."""

    policy_id: int
    title: str
    words: str
    forbids: bool


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far one's word goes with a remedy, and the rules that widen or narrow it."""

    figure: str
    is_never: bool
    rules: tuple[InWords, ...]


def how_far(
    employee: Employee,
    rulebook: Rulebook,
    rows: Mapping[int, Policy],
    *,
    at: datetime,
    reason_id: int | None = None,
) -> dict[int, HowFar]:
    """For every remedy in use, by its id; after `reason_id`, if something particular went wrong.

    `rows` are the rows of the rules in force for this person, by id, read with `readable`.
    """
    mine = [
        rule
        for rule in rulebook.in_force(at)
        if rule.id in rows and rule.concerns(employee.tier_id, employee.team_id)
    ]
    sure = tuple(rule for rule in mine if _holds_in_every_case(rule))
    question = _before_there_is_a_case(employee, at, reason_id)
    answers = options(replace(rulebook, rules=sure), question)
    return {
        answer.remedy.id: _told(
            answer,
            [
                in_words(rows[rule.id], asked_for_reason=reason_id is not None)
                for rule in sorted(mine, key=lambda rule: (_ORDER[Effect(rule.effect)], rule.id))
                if rule.covers(answer.remedy.id) and rule.is_after(reason_id)
            ],
        )
        for answer in answers
    }


def in_words(policy: Policy, *, asked_for_reason: bool = False) -> InWords:
    """What a rule does, in a few words: "at most 100 % of the order", "never, when …"."""
    match policy.effect:
        case Effect.FORBID:
            words = "never"
        case Effect.RESTRICT:
            words = f"at most {how_much(policy)}"
        case _:
            words = f"{'owed' if policy.entitlement else 'up to'} {how_much(policy)}"
    if not asked_for_reason and policy.reason_codes.all():
        words += f" after {any_of(names(policy.reason_codes.all()))}"
    channels = [Channel(c).label.lower() for c in policy.channels if c in Channel]
    if channels:
        words += f" ({any_of(channels)})"
    if conditions := conditions_words(policy):
        words += f", when {conditions}"
    return InWords(policy.pk, policy.title, words, policy.effect == Effect.FORBID)


def _holds_in_every_case(rule: Rule) -> bool:
    return not rule.conditions and rule.measure != Measure.PERCENT


def _before_there_is_a_case(employee: Employee, at: datetime, reason_id: int | None) -> Question:
    """A question about someone who was given nothing yet, asked of no budget."""
    return Question(
        at=at,
        limit=employee.limit_per_case,
        grace_percent=Decimal(employee.tier.grace_percent if employee.tier else 0),
        tier_id=employee.tier_id,
        team_id=employee.team_id,
        reason_id=reason_id,
        customer_known=True,
        order_reference=_SOMEONE,
    )


def _told(answer: Decision, rules: list[InWords]) -> HowFar:
    is_never = answer.binding.kind == BoundKind.FORBIDDEN
    return HowFar(_figure(answer, is_never=is_never), is_never, tuple(rules))


def _figure(answer: Decision, *, is_never: bool) -> str:
    """The limit in the remedy's own measure; or why there is none."""
    if answer.limit == UNLIMITED:
        return "as much as is right"
    if answer.limit > 0:
        return f"up to {measured(answer.remedy, answer.limit)}"
    if is_never:
        return "never"
    if answer.reach > 0:
        return f"up to {measured(answer.remedy, answer.reach)}, read afterwards"
    return "only where a rule says so"
