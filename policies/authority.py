"""How far someone's word goes: rulebook and question in, decision out.

This module is pure: it writes nothing and has no clock of its own. What must stay true:

- Trust comes first: whoever has a tier may give any remedy, up to the tier's limit for the case.
- `limit = max(tier limit, grants)`, then `min(that, restrictions)`, forbidden is 0; then the
  budget. The best grant, then the tightest restriction: no priorities, and no order of rows.
- Adding a grant never takes anything away; adding a restriction never gives anything.
- What is not known never makes a grant apply and never makes a restriction fall away.
- What a grant covers does not use up the tier's limit for the case: it stays for other remedies.
- Of one remedy, giving in steps comes to no more than giving in one go.

Limits are counted in the remedy's own measure: an amount at face value, or a quantity.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from policies.bounds import bounds_on
from policies.decision import Bound, BoundKind, Decision, Verdict, all_needs
from policies.question import Given, Question
from policies.rules import RemedyTerms, Rulebook

ZERO = Decimal(0)

_TRUSTED = (BoundKind.TIER, BoundKind.GRANT)
_TIGHTENING = (BoundKind.FORBIDDEN, BoundKind.RESTRICTION, BoundKind.REMEDY)
# Of bounds that go equally far, the first of these is named: it has the most to say.
_TOLD_FIRST = {
    BoundKind.FORBIDDEN: 1,
    BoundKind.RESTRICTION: 2,
    BoundKind.GRANT: 3,
    BoundKind.TIER: 4,
    BoundKind.REMEDY: 5,
    BoundKind.BUDGET: 6,
}


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish to give so much of a remedy: an amount at face value, or a quantity."""

    remedy: RemedyTerms
    measure: Decimal


def decide(rulebook: Rulebook, question: Question, asks: Sequence[Ask]) -> tuple[Decision, ...]:
    """Decide on all that is to be given in one go; the answers are in the order of the asks.

    Each sees what the others take; what is refused takes nothing, so that the rest is judged on
    its own. The dearest is decided first, so that the answer does not depend on the order of
    typing. Only where nothing is refused may all of it be given.
    """
    decisions, state = _in_turn(rulebook, question, asks)
    return tuple(
        replace(d, alternatives=_instead(rulebook, state)) if d.verdict == Verdict.OUTSIDE else d
        for d in decisions
    )


def judge(rulebook: Rulebook, question: Question, asks: Sequence[Ask]) -> tuple[Decision, ...]:
    """The same decisions without what could be given instead, which takes longest to find out."""
    if len(asks) == 1:  # most of the time: nothing is decided next
        return (_decide_one(rulebook, question, asks[0].remedy, asks[0].measure),)
    return tuple(_in_turn(rulebook, question, asks)[0])


def options(
    rulebook: Rulebook, question: Question, chosen: Sequence[Ask] = ()
) -> tuple[Decision, ...]:
    """What could be given now, for every remedy in use, next to what is chosen already.

    A chosen remedy is answered as if it were not chosen yet, next to the others.
    """
    answers = []
    for remedy in rulebook.remedies:
        if remedy.is_active:
            others = [ask for ask in chosen if ask.remedy.id != remedy.id]
            _, state = _in_turn(rulebook, question, others)
            answers.append(_decide_one(rulebook, state, remedy, None))
    return tuple(answers)


def _in_turn(
    rulebook: Rulebook, question: Question, asks: Sequence[Ask]
) -> tuple[list[Decision], Question]:
    """The decision on each ask, and the question as it stands once all that may be is given."""
    dearest_first = sorted(
        range(len(asks)),
        key=lambda i: (
            -asks[i].remedy.cost_of(asks[i].measure),
            asks[i].remedy.id,
            -asks[i].measure,
        ),
    )
    decisions: dict[int, Decision] = {}
    for i in dearest_first:
        decisions[i] = _decide_one(rulebook, question, asks[i].remedy, asks[i].measure)
        if decisions[i].verdict != Verdict.OUTSIDE:
            question = _once_given(question, asks[i], decisions[i])
    return [decisions[i] for i in range(len(asks))], question


def _decide_one(
    rulebook: Rulebook, question: Question, remedy: RemedyTerms, asked: Decimal | None
) -> Decision:
    bounds = tuple(bounds_on(remedy, rulebook, question))
    binding = _binding(bounds, attrgetter("limit"))
    stopping = _binding(bounds, attrgetter("reach"))
    verdict = _verdict(asked, binding.limit, stopping.reach)
    covered_by = _covering(bounds, asked)
    return Decision(
        remedy=remedy,
        verdict=verdict,
        asked=asked,
        limit=binding.limit,
        reach=stopping.reach,
        binding=stopping if verdict == Verdict.OUTSIDE else binding,
        bounds=bounds,
        covered_by=covered_by,
        review=verdict == Verdict.GRACE or _asks_for_review(bounds, covered_by),
        needs=all_needs(bounds),
    )


def _binding(bounds: Sequence[Bound], how_far: Callable[[Bound], Decimal]) -> Bound:
    """The bound that binds: the best grant, then the tightest restriction, then the budget.

    `how_far` reads a bound's limit, or its reach with grace. An entitlement is charged to the
    division, so what it covers needs nothing of the month.
    """
    trusted = [b for b in bounds if b.kind in _TRUSTED]
    paid = [b for b in bounds if b.kind == BoundKind.BUDGET or b.entitlement]
    tight = [b for b in bounds if b.kind in _TIGHTENING]
    least = [_furthest(trusted, how_far), _furthest(paid, how_far), *tight]
    return min(least, key=lambda b: (how_far(b), *_explains(b)))


def _furthest(bounds: Sequence[Bound], how_far: Callable[[Bound], Decimal]) -> Bound:
    """The one that lets one go furthest; most of the time there is but one."""
    if len(bounds) == 1:
        return bounds[0]
    return min(bounds, key=lambda b: (-how_far(b), *_explains(b)))


def _explains(bound: Bound) -> tuple[int, int | None]:
    """The place in which the bound is told, whatever the order of rows."""
    return _TOLD_FIRST[bound.kind], bound.policy_id


def _covering(bounds: Sequence[Bound], asked: Decimal | None) -> Bound | None:
    """The grant that covers what is asked; one that the customer is owed comes first."""
    if asked is None:
        return None
    covering = [b for b in bounds if b.kind == BoundKind.GRANT and asked <= b.limit]
    return min(covering, key=lambda b: (not b.entitlement, *_explains(b)), default=None)


def _verdict(asked: Decimal | None, limit: Decimal, reach: Decimal) -> Verdict:
    """Within, in grace or outside; where nothing is asked, whether anything could be."""
    if asked is None:
        if limit > 0:
            return Verdict.WITHIN
        return Verdict.GRACE if reach > 0 else Verdict.OUTSIDE
    if asked <= limit:
        return Verdict.WITHIN
    return Verdict.GRACE if asked <= reach else Verdict.OUTSIDE


def _asks_for_review(bounds: Sequence[Bound], covered_by: Bound | None) -> bool:
    """Whether a rule under which this is decided wants it looked at afterwards."""
    return any(
        bound.review_afterwards
        for bound in bounds
        if bound is covered_by or bound.kind == BoundKind.RESTRICTION
    )


def _instead(rulebook: Rulebook, question: Question) -> tuple[Decision, ...]:
    """What can be given instead, now, without grace."""
    return tuple(d for d in options(rulebook, question) if d.limit > 0)


def _once_given(question: Question, ask: Ask, decision: Decision) -> Question:
    """The question as it stands once the decision is carried out."""
    given = Given(
        remedy_id=ask.remedy.id,
        measure=ask.measure,
        face_value=decision.face_value,
        cost=decision.cost,
        against_limit=decision.against_limit,
        at=question.at,
    )
    return question.after(given, charged_to_month=ZERO if decision.owed else decision.cost)
