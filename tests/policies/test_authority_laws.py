"""The laws of authority (DESIGN.md §4), for any rulebook and any question."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employees.money import quantize
from policies.authority import Ask, _once_given, decide, options
from policies.decision import BoundKind, Decision, Verdict
from policies.question import Question
from policies.rules import UNLIMITED, Rule, Rulebook
from tests.policies.builders import rulebook as numbered
from tests.policies.oracle import PLACES
from tests.policies.strategies import law, rules, situations

Situation = tuple[Rulebook, Question, tuple[Ask, ...]]

FROM_BEST = [Verdict.WITHIN, Verdict.GRACE, Verdict.OUTSIDE]


def all_allowed(decisions: Sequence[Decision]) -> bool:
    return all(d.verdict != Verdict.OUTSIDE for d in decisions)


def on_the_month(decisions: Sequence[Decision]) -> Decimal:
    return sum((d.cost for d in decisions if not d.owed), Decimal(0))


def smallest(remedy: Any) -> Decimal:
    return Decimal(1) if remedy.by_quantity else Decimal(1).scaleb(-PLACES[remedy.currency])


def with_one_more(book: Rulebook, rule: Rule) -> Rulebook:
    return numbered(book.remedies, [*book.rules, rule])


def told(decision: Decision) -> dict[str, Any]:
    """The whole decision, but for the order in which its bounds are listed."""
    listed = decision.as_json()
    return {
        **listed,
        "bounds": sorted(listed["bounds"], key=str),
        "needs": sorted(listed["needs"]),
    }


# --- No order -----------------------------------------------------------------------------------


@law
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(situation: Situation, chance: Any) -> None:
    book, question, asks = situation
    shuffled = list(book.rules)
    chance.shuffle(shuffled)
    other = replace(book, rules=tuple(shuffled))
    assert [*map(told, decide(other, question, asks))] == [*map(told, decide(book, question, asks))]
    assert [*map(told, options(other, question, asks))] == [
        *map(told, options(book, question, asks))
    ]


@law
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_typing_changes_nothing(situation: Situation, chance: Any) -> None:
    book, question, asks = situation
    order = list(range(len(asks)))
    chance.shuffle(order)
    answers = decide(book, question, asks)
    again = decide(book, question, [asks[i] for i in order])
    assert sorted(map(str, map(told, again))) == sorted(map(str, map(told, answers)))
    assert [d.remedy for d in again] == [asks[i].remedy for i in order]


# --- More and less ------------------------------------------------------------------------------


@law
@given(situations(), st.data())
def test_a_grant_takes_nothing_away(situation: Situation, data: st.DataObject) -> None:
    book, question, asks = situation
    more = with_one_more(book, data.draw(rules(book.remedies, effects=["grant"])))
    before, after = options(book, question), options(more, question)
    assert all(
        b.limit <= a.limit and b.reach <= a.reach for b, a in zip(before, after, strict=True)
    )

    before, after = decide(book, question, asks), decide(more, question, asks)
    if all_allowed(before):
        assert all(
            FROM_BEST.index(a.verdict) <= FROM_BEST.index(b.verdict)
            for b, a in zip(before, after, strict=True)
        )
        assert on_the_month(after) <= on_the_month(before)
        assert all(
            b.limit <= a.limit
            for b, a in zip(
                options(book, question, asks), options(more, question, asks), strict=True
            )
        )


@law
@given(situations(), st.data())
def test_a_restriction_gives_nothing(situation: Situation, data: st.DataObject) -> None:
    book, question, asks = situation
    less = with_one_more(book, data.draw(rules(book.remedies, effects=["restrict", "forbid"])))
    before, after = options(book, question), options(less, question)
    assert all(
        a.limit <= b.limit and a.reach <= b.reach for b, a in zip(before, after, strict=True)
    )
    if all_allowed(decide(less, question, asks)):
        assert all_allowed(decide(book, question, asks))


@law
@given(situations())
def test_without_rules_everyone_with_a_tier_is_trusted_with_everything(
    situation: Situation,
) -> None:
    book, question, _ = situation
    for option in options(replace(book, rules=()), question):
        assert [b.kind for b in option.bounds if b.kind == BoundKind.TIER]
        assert option.binding.kind in (BoundKind.TIER, BoundKind.REMEDY, BoundKind.BUDGET)
        if not option.remedy.by_quantity:
            assert option.limit == option.remedy.most_for_cost(
                min(question.left_of_limit(option.remedy.id), question.budget_left)
            )


@law
@given(situations(), st.integers(2, 4))
def test_giving_in_steps_comes_to_no_more_than_giving_in_one_go(
    situation: Situation, steps: int
) -> None:
    book, question, (ask, *_) = situation
    # What is owed leaves the month to goodwill, which is another matter.
    question = replace(question, budget_left=UNLIMITED, budget_reach=UNLIMITED)
    remedy, bit = ask.remedy, Ask(ask.remedy, smallest(ask.remedy))
    in_one_go = decide(book, question, [bit])[0].limit
    given = Decimal(0)
    for step in range(steps, 0, -1):
        limit = decide(book, question, [bit])[0].limit
        part = limit if limit == UNLIMITED else (limit / step).quantize(bit.measure, ROUND_DOWN)
        if 0 < part < UNLIMITED:
            (decision,) = decide(book, question, [Ask(remedy, part)])
            assert decision.verdict == Verdict.WITHIN
            question = _once_given(question, Ask(remedy, part), decision)
            given += part
    assert given <= in_one_go


# --- What is not known --------------------------------------------------------------------------


def with_something_forgotten(question: Question) -> Iterator[Question]:
    """The same question, each time with one thing unknown that was known."""
    for key in question.facts:
        yield replace(question, facts={k: v for k, v in question.facts.items() if k != key})
    yield replace(question, order_value=None)
    yield replace(question, order_date=None)
    yield replace(question, customer_segment=None)
    yield replace(question, customer_since=None)
    yield replace(question, lifetime_value=None)
    yield replace(question, second_failure=None)
    yield replace(question, order_reference="")
    yield replace(question, customer_known=False)


@law
@given(situations())
def test_knowing_less_never_allows_more(situation: Situation) -> None:
    book, question, _ = situation
    known = options(book, question)
    for doubtful in with_something_forgotten(question):
        for less, more in zip(options(book, doubtful), known, strict=True):
            assert less.limit <= more.limit
            assert less.reach <= more.reach


@law
@given(situations())
def test_what_is_needed_is_not_known_yet(situation: Situation) -> None:
    book, question, _ = situation
    for option in options(book, question):
        for need in option.needs:
            assert need not in question.facts or isinstance(question.facts[need], str)
            assert need != "order_value" or question.order_value is None
            assert need != "order_reference" or not question.order_reference
            assert need != "customer" or not question.customer_known


# --- Limits and grace ---------------------------------------------------------------------------


@law
@given(situations())
def test_the_limit_can_be_given_and_not_a_cent_more(situation: Situation) -> None:
    book, question, _ = situation
    for option in options(book, question):
        remedy, more = option.remedy, smallest(option.remedy)
        for measure, verdicts in (
            (option.limit, {Verdict.WITHIN}),
            (option.limit + more, {Verdict.GRACE, Verdict.OUTSIDE}),
            (option.reach, {Verdict.WITHIN, Verdict.GRACE}),
            (option.reach + more, {Verdict.OUTSIDE}),
        ):
            (decision,) = decide(book, question, [Ask(remedy, measure)])
            assert decision.verdict in verdicts


@law
@given(situations())
def test_nothing_is_allowed_beyond_its_reach(situation: Situation) -> None:
    for decision in decide(*situation):
        asked = decision.asked or Decimal(0)
        assert 0 <= decision.limit <= decision.reach
        match decision.verdict:
            case Verdict.WITHIN:
                assert asked <= decision.limit
            case Verdict.GRACE:
                assert decision.limit < asked <= decision.reach
                assert decision.review
            case Verdict.OUTSIDE:
                assert asked > decision.reach


@law
@given(situations())
def test_all_that_is_given_together_stays_within_limit_month_and_maximum(
    situation: Situation,
) -> None:
    book, question, asks = situation
    given = [d for d in decide(book, question, asks) if d.verdict != Verdict.OUTSIDE]
    against_limit = sum(d.against_limit for d in given)
    if against_limit:
        before = sum(g.against_limit for g in question.given if g.this_case)
        assert before + against_limit <= question.limit * question.with_grace
    if on_the_month(given):
        assert on_the_month(given) <= question.budget_reach
    for remedy in book.remedies:
        measure = sum(d.asked or 0 for d in given if d.remedy == remedy)
        assert not measure or measure <= remedy.most_in_a_case


@law
@given(situations())
def test_a_strict_restriction_has_no_grace(situation: Situation) -> None:
    book, question, _ = situation
    strict = {rule.id for rule in book.rules if not rule.allows_grace}
    for option in options(book, question):
        for bound in option.bounds:
            if bound.policy_id in strict:
                assert bound.reach == bound.limit
                if bound.kind in (BoundKind.RESTRICTION, BoundKind.FORBIDDEN):
                    assert option.reach <= bound.limit


@law
@given(situations())
def test_without_grace_there_is_no_grace(situation: Situation) -> None:
    book, question, asks = situation
    strict = replace(question, grace_percent=Decimal(0), budget_reach=question.budget_left)
    for decision in (*decide(book, strict, asks), *options(book, strict)):
        assert decision.limit == decision.reach
        assert decision.verdict != Verdict.GRACE


@law
@given(situations())
def test_asking_for_less_is_never_worse(situation: Situation) -> None:
    book, question, asks = situation
    for ask in asks:
        (much,) = decide(book, question, [ask])
        (little,) = decide(book, question, [Ask(ask.remedy, smallest(ask.remedy))])
        assert FROM_BEST.index(little.verdict) <= FROM_BEST.index(much.verdict)
        assert (little.limit, little.reach) == (much.limit, much.reach)


# --- Reasons and numbers ------------------------------------------------------------------------


@law
@given(situations())
def test_the_bound_that_is_named_is_the_one_that_binds(situation: Situation) -> None:
    book, question, asks = situation
    for decision in (*decide(book, question, asks), *options(book, question)):
        assert decision.binding in decision.bounds
        if decision.verdict == Verdict.OUTSIDE:
            assert decision.binding.reach == decision.reach
        else:
            assert decision.binding.limit == decision.limit


@law
@given(situations())
def test_every_rule_that_was_considered_says_why(situation: Situation) -> None:
    book, question, asks = situation
    for decision in decide(book, question, asks):
        for bound in decision.bounds:
            if bound.policy_id is not None:
                rule = next(r for r in book.rules if r.id == bound.policy_id)
                assert (bound.rationale, bound.customer_wording, bound.version) == (
                    rule.rationale,
                    rule.customer_wording,
                    rule.version,
                )


@law
@given(situations())
def test_what_is_offered_instead_can_be_given_next_to_the_rest(situation: Situation) -> None:
    book, question, asks = situation
    decisions = decide(book, question, asks)
    taken = [a for a, d in zip(asks, decisions, strict=True) if d.verdict != Verdict.OUTSIDE]
    for decision in decisions:
        assert not decision.alternatives or decision.verdict == Verdict.OUTSIDE
        for instead in decision.alternatives:
            assert instead.limit > 0
            assert instead.remedy.is_active
            if not taken:
                (answer,) = decide(book, question, [Ask(instead.remedy, instead.limit)])
                assert answer.verdict == Verdict.WITHIN


@law
@given(situations())
def test_numbers_have_the_places_of_their_currency(situation: Situation) -> None:
    book, question, asks = situation
    for decision in (*decide(book, question, asks), *options(book, question)):
        amounts = [decision.cost, decision.face_value, decision.against_limit]
        measures = [decision.limit, decision.reach]
        if decision.remedy.by_quantity:
            assert all(measure == int(measure) for measure in measures)
        else:
            amounts += measures
        assert all(amount == quantize(amount, book.currency) for amount in amounts)


def leaves(value: Any) -> Iterator[Any]:
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            yield from leaves(child)
    else:
        yield value


@law
@given(situations())
def test_a_decision_is_kept_as_json_without_a_float(situation: Situation) -> None:
    for decision in decide(*situation):
        kept = decision.as_json()
        assert json.loads(json.dumps(kept, allow_nan=False)) == kept
        assert not any(isinstance(leaf, float) for leaf in leaves(kept))
        assert Decimal(kept["limit"]) == decision.limit
        assert Decimal(kept["limit_with_grace"]) == decision.reach


@law
@given(situations())
def test_the_dearest_measure_for_a_cost_costs_no_more(situation: Situation) -> None:
    book, question, _ = situation
    for remedy in book.remedies:
        of_limit = question.reach_of_limit(remedy.id), question.left_of_limit(remedy.id)
        for cost in (*of_limit, -question.limit):
            most = remedy.most_for_cost(cost)
            if most.is_finite():
                assert remedy.cost_of(most) <= max(cost, Decimal(0))
                assert remedy.cost_of(most + smallest(remedy)) > cost


@pytest.mark.parametrize("currency", sorted(PLACES))
def test_the_oracle_knows_the_places_of_currencies(currency: str) -> None:
    assert quantize(Decimal(1), currency).as_tuple().exponent == -PLACES[currency]
