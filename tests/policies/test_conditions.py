"""What conditions say together: never claimed where a value shows otherwise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.bounds import COMPARE
from policies.conditions import contradicting, fact_of, follows
from policies.rules import ConditionTerms
from tests.policies.builders import when
from tests.policies.strategies import conditions, law, values_of


@pytest.mark.parametrize(
    "together",
    [
        [when("minutes_late", "ge", "30"), when("minutes_late", "lt", "30")],
        [when("minutes_late", "gt", "30"), when("minutes_late", "le", "30")],
        [when("minutes_late", "lt", "0")],
        [when("minutes_late", "in", ["1", "2"]), when("minutes_late", "gt", "2")],
        [when("minutes_late", "eq", "1"), when("minutes_late", "ne", "1")],
        [when("seal_broken", "ne", value=True), when("seal_broken", "ne", value=False)],
        [when("plan", "eq", "basic"), when("plan", "in", ["plus", "max"])],
        [when("plan", "ne", "basic"), when("plan", "ne", "plus"), when("plan", "ne", "max")],
    ],
)
def test_what_can_never_all_be_so(together: list[ConditionTerms]) -> None:
    assert contradicting(together) == together[:1]


@pytest.mark.parametrize(
    "together",
    [
        [when("minutes_late", "ge", "30"), when("minutes_late", "le", "30")],
        [when("minutes_late", "ge", "30"), when("order_value", "lt", "30")],
        [when("earlier_resolutions", "ge", "3", 30), when("earlier_resolutions", "lt", "3", 90)],
        [when("customer_segment", "ne", "gold"), when("customer_segment", "ne", "new")],
        [when("minutes_late", "in", ["1", "3"]), when("minutes_late", "gt", "2")],
    ],
)
def test_what_can_all_be_so(together: list[ConditionTerms]) -> None:
    assert contradicting(together) == []


@pytest.mark.parametrize(
    ("condition", "given"),
    [
        (when("minutes_late", "ge", "30"), [when("minutes_late", "ge", "60")]),
        (when("minutes_late", "gt", "30"), [when("minutes_late", "ge", "31")]),
        (when("minutes_late", "ne", "5"), [when("minutes_late", "lt", "5")]),
        (when("plan", "in", ["basic", "plus"]), [when("plan", "ne", "max")]),
        (when("seal_broken", "eq", value=True), [when("seal_broken", "ne", value=False)]),
    ],
)
def test_what_follows(condition: ConditionTerms, given: list[ConditionTerms]) -> None:
    assert follows(condition, given=given)


@pytest.mark.parametrize(
    ("condition", "given"),
    [
        (when("minutes_late", "ge", "60"), [when("minutes_late", "ge", "30")]),
        (when("minutes_late", "gt", "30"), [when("minutes_late", "ge", "30")]),
        (when("minutes_late", "ge", "0"), []),
        (when("earlier_resolutions", "lt", "3", 90), [when("earlier_resolutions", "lt", "3", 30)]),
    ],
)
def test_what_does_not_follow(condition: ConditionTerms, given: list[ConditionTerms]) -> None:
    assert not follows(condition, given=given)


@law
@given(st.lists(conditions("USD"), min_size=1, max_size=4), st.data())
def test_no_value_shows_otherwise(together: list[ConditionTerms], data: st.DataObject) -> None:
    first = together[0]
    same = [c for c in together if fact_of(c) == fact_of(first)]
    value: Any = data.draw(values_of(first.fact.key, "USD"))
    all_hold = all(COMPARE[c.operator](value, c.value) for c in same)
    if all_hold:
        assert contradicting(same) == []
        for condition in same:
            assert follows(condition, given=same)
    others = same[1:]
    if follows(first, given=others) and all(COMPARE[c.operator](value, c.value) for c in others):
        assert COMPARE[first.operator](value, first.value)
