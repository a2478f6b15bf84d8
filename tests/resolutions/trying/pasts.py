"""Invents pasts without a database: requests that were given or refused, and what changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from policies.authority import Ask, judge
from policies.decision import Verdict
from policies.rules import RemedyTerms, Rulebook
from resolutions.trying.asked import Asked, Earlier, Wish
from resolutions.trying.bearing import Change
from tests.policies.builders import NOW, rulebook
from tests.policies.strategies import CURRENCIES, measures, money, questions, remedies, rules


@dataclass(frozen=True)
class InventedPast:
    """A rulebook, what was asked under it, and what had been given before anyone asked."""

    rulebook: Rulebook
    asked: Sequence[Asked]
    given: Sequence[Earlier]  # in fact, before and meanwhile


@st.composite
def pasts(draw: st.DrawFn, most_rules: int = 4, most_requests: int = 8) -> InventedPast:
    """Requests by few people, for few customers, on few orders, often in the same case again."""
    currency = draw(st.sampled_from(CURRENCIES))
    known = [draw(remedies(id, currency)) for id in range(1, 1 + draw(st.integers(1, 2)))]  # noqa: A001
    book = rulebook(known, draw(st.lists(rules(known), max_size=most_rules)))
    asked: list[Asked] = []
    given: list[Earlier] = []
    for number in range(1, 1 + draw(st.integers(1, most_requests))):
        request = draw(_requests(number, known, asked))
        request = _as_decided(request, book, given, otherwise=draw(st.integers(0, 9)) == 0)
        asked.append(request)
        if not request.refused:
            given += [_row(request, wish) for wish in request.wishes]
    return InventedPast(book, asked, given)


@st.composite
def changes(draw: st.DrawFn, past: InventedPast) -> Change:
    """Another limit; or a rule, new or in place of another."""
    book = past.rulebook
    if draw(st.integers(0, 2)) == 0:
        limit = draw(money(book.currency, 80))
        grace = draw(st.sampled_from([Decimal(0), Decimal(20)]))
        return Change(book, tier_id=draw(st.sampled_from([1, 2])), limit=limit, grace_percent=grace)
    new = replace(draw(rules(list(book.remedies))), id=99)
    instead = draw(st.sets(st.sampled_from([rule.id for rule in book.rules] or [0]), max_size=1))
    return Change(book.with_rule(new, instead_of=instead))


@st.composite
def _requests(
    draw: st.DrawFn, number: int, known: Sequence[RemedyTerms], before: Sequence[Asked]
) -> Asked:
    last = before[-1] if before else None
    # At one moment, what was given comes before what was refused: see `Asked.place`.
    soonest = [] if last and last.refused else [0]
    question = replace(
        draw(questions(known)),
        given=(),
        at=(last.question.at if last else NOW)
        + timedelta(minutes=draw(st.sampled_from([*soonest, 1, 10, 20, 2000]))),
        budget_left=Decimal("Infinity"),
        budget_reach=Decimal("Infinity"),
    )
    wishes = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2))
    earlier = [asked for asked in before if asked.case_id is not None]
    customer = draw(st.sampled_from([None, 1, 2]))
    case = None
    of_case = draw(st.sampled_from([None, *earlier]))
    if of_case is not None:
        case, customer = of_case.case_id, of_case.customer_id
        question = replace(question, order_reference=of_case.question.order_reference)
    return Asked(
        replace(question, customer_known=customer is not None or question.customer_known),
        tuple(
            _wish(number * 10 + place, remedy, draw(measures(remedy)))
            for place, remedy in enumerate(wishes)
        ),
        employee_id=draw(st.sampled_from([1, 2])),
        case_id=case,
        customer_id=customer,
        goes_on=case is not None,
        own_limit=draw(st.integers(0, 5)) == 0,
    )


def _wish(number: int, remedy: RemedyTerms, measure: Decimal) -> Wish:
    cost = remedy.cost_of(measure)
    return Wish(number, False, remedy.id, measure, remedy.face_value_of(measure), cost, cost)


def _as_decided(
    asked: Asked, book: Rulebook, given: Sequence[Earlier], *, otherwise: bool
) -> Asked:
    """Given or refused as the rules say, but for a few that they do not explain."""
    facts = tuple(row.seen_from(asked, row.against_limit) for row in given)
    asks = [Ask(book.remedy_by_id(wish.remedy_id), wish.measure) for wish in asked.wishes]
    decisions = judge(book, replace(asked.question, given=facts), asks)
    outside = [decision.verdict == Verdict.OUTSIDE for decision in decisions]
    if any(outside) != otherwise:
        refused = [
            replace(wish, refused=True)
            for wish, out in zip(asked.wishes, outside, strict=True)
            if out or otherwise
        ]
        beside = tuple(
            (wish.remedy_id, wish.measure)
            for wish, out in zip(asked.wishes, outside, strict=True)
            if not (out or otherwise)
        )
        return replace(asked, wishes=tuple(refused), beside=beside)
    return replace(
        asked,
        case_id=asked.case_id or asked.wishes[0].id,
        wishes=tuple(
            replace(
                wish,
                against_limit=decision.against_limit,
                owed=decision.owed,
                review=decision.review,
            )
            for wish, decision in zip(asked.wishes, decisions, strict=True)
        ),
    )


def _row(asked: Asked, wish: Wish) -> Earlier:
    return Earlier(
        wish.id,
        asked.case_id,
        asked.customer_id,
        asked.question.order_reference,
        wish.remedy_id,
        wish.measure,
        wish.face_value,
        wish.cost,
        wish.against_limit,
        asked.question.at,
    )
