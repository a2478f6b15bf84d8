"""Percentages of the order, known and unknown."""

from decimal import Decimal

from policies.authority import options
from tests.policies.builders import question, rule, rulebook, when
from tests.policies.examples.shop import (
    OUTSIDE,
    damaged_on_arrival,
    decision,
    limit,
    money_off,
    never_more_than_the_order,
)


def test_a_percentage_of_an_unknown_order_allows_nothing_and_asks_for_the_value() -> None:
    (option,) = options(rulebook([money_off], [never_more_than_the_order]), question())
    assert (option.limit, option.reach, option.verdict) == (0, 0, OUTSIDE)
    assert option.needs == ("order_value",)


def test_a_grant_of_a_percentage_of_an_unknown_order_grants_nothing_and_asks() -> None:
    (option,) = options(rulebook([money_off], [damaged_on_arrival]), question("20.00"))
    assert (option.limit, option.needs) == (20, ("order_value",))
    answer = decision([damaged_on_arrival], question("20.00"), money_off, "5.00")
    assert not answer.owed


def test_a_percentage_is_rounded_down_to_the_cent() -> None:
    rules = [rule("restrict", "33", measure="percent")]
    assert limit(rules, question("25.00", order_value="10.01")) == Decimal("3.30")


def test_all_that_is_missing_is_asked_for_at_once() -> None:
    rules = [
        rule("restrict", "50", measure="percent", per="customer"),
        rule("restrict", "50", measure="percent", per="order"),
        rule("grant", "5", conditions=[when("minutes_late", "ge", "30")]),
    ]
    (option,) = options(rulebook([money_off], rules), question())
    assert option.needs == ("customer", "order_value", "order_reference", "minutes_late")
