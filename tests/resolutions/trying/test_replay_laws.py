"""What holds for every rulebook, every past and every change."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.authority import Ask, decide, judge
from policies.decision import Decision
from resolutions.trying.bearing import Change
from resolutions.trying.difference import Difference
from resolutions.trying.replay import Replay
from tests.policies.strategies import law, situations
from tests.resolutions.trying.pasts import InventedPast, changes, pasts
from tests.resolutions.trying.slowly import slowly


def replayed(past: InventedPast, change: Change) -> list[Difference]:
    """Every difference, in order; each request gets only what `earlier.py` would read for it."""
    replay = Replay(past.rulebook, change)
    return [
        difference
        for asked in past.asked
        for difference in replay.differences(asked, _around(past, replay, asked))
    ]


def _around(past: InventedPast, replay: Replay, asked: Any) -> list[Any]:
    bearing, order = replay.bearing(asked), asked.question.order_reference
    return [
        row
        for row in past.given
        if (asked.goes_on and row.case_id == asked.case_id)
        or (bearing.per_customer and asked.customer_id and row.customer_id == asked.customer_id)
        or (bearing.per_order and order and row.order_reference == order)
    ]


def told(found: list[Difference]) -> list[tuple[Any, ...]]:
    return [(str(d.kind), d.wish.id, d.cost, d.month, d.owed) for d in found]


@law
@given(st.data())
def test_it_shows_what_a_slow_and_obvious_replay_shows(data: st.DataObject) -> None:
    past = data.draw(pasts())
    change = data.draw(changes(past))
    assert told(replayed(past, change)) == slowly(past, change)


@law
@given(st.data())
def test_two_runs_show_the_same(data: st.DataObject) -> None:
    past = data.draw(pasts())
    change = data.draw(changes(past))
    assert replayed(past, change) == replayed(past, change)


@law
@given(st.data())
def test_what_holds_already_changes_nothing(data: st.DataObject) -> None:
    past = data.draw(pasts())
    book = past.rulebook
    assert replayed(past, Change(book)) == []
    if book.rules:
        held = data.draw(st.sampled_from(book.rules))
        again = replace(held, id=99, version=held.version + 1)
        assert replayed(past, Change(_in_place(book, held, again))) == []


@law
@given(st.data())
def test_a_rule_that_is_hidden_by_the_same_rule_changes_nothing(data: st.DataObject) -> None:
    past = data.draw(pasts())
    if past.rulebook.rules:
        twice = replace(data.draw(st.sampled_from(past.rulebook.rules)), id=99)
        assert replayed(past, Change(past.rulebook.with_rule(twice))) == []


def _in_place(book: Any, held: Any, again: Any) -> Any:
    """The same rule for the same time, as another version of it."""
    others = tuple(rule for rule in book.rules if rule is not held)
    return replace(book, rules=(*others, again))


@law
@given(situations())
def test_rules_about_something_else_can_be_left_out(situation: Any) -> None:
    book, question, asks = situation
    assert _bare(decide(book.about(question), question, asks)) == _bare(
        decide(book, question, asks)
    )


@law
@given(situations())
def test_judging_is_deciding_without_what_could_be_given_instead(situation: Any) -> None:
    book, question, asks = situation
    judged: tuple[Ask | Decision, ...] = judge(book, question, asks)
    assert judged == tuple(replace(d, alternatives=()) for d in decide(book, question, asks))


def _bare(decisions: tuple[Decision, ...]) -> list[Any]:
    return [(d.verdict, d.limit, d.reach, d.owed, d.review, d.against_limit) for d in decisions]
