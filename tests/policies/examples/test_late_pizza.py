"""The late pizza: what a driver can give at the door, and what is left next to it."""

from dataclasses import replace
from decimal import Decimal

from policies.authority import decide, options
from policies.decision import BoundKind
from tests.policies.builders import ask, earlier, given, question, rulebook
from tests.policies.examples.shop import (
    WITHIN,
    free_pizza,
    limits,
    money_off,
    never_more_than_the_order,
    reorder,
)

forno = rulebook([free_pizza, reorder, money_off], [never_more_than_the_order])
at_the_door = question("25.00", order_value="23.50")


def test_the_driver_sees_what_can_be_given_right_now() -> None:
    assert limits(forno, at_the_door) == {
        "free-pizza": 2,
        "reorder": 1,
        "money-off": Decimal("23.50"),
    }


def test_each_maximum_comes_with_the_reason_behind_it() -> None:
    pizza, again, off = options(forno, at_the_door)
    assert off.binding.kind == BoundKind.RESTRICTION
    assert off.why == "Why we restrict 100."
    assert pizza.why == "Why free-pizza."
    assert again.binding.kind == BoundKind.REMEDY


def test_a_pizza_and_a_reorder_leave_sixteen_of_the_drivers_twenty_five() -> None:
    chosen = [(free_pizza, "1"), (reorder, "1")]
    assert limits(forno, at_the_door, *chosen)["money-off"] == Decimal("16.00")


def test_a_chosen_remedy_is_offered_as_if_it_were_not_chosen_yet() -> None:
    offered = limits(forno, at_the_door, (free_pizza, "1"), (reorder, "1"))
    assert (offered["free-pizza"], offered["reorder"]) == (2, 1)


def test_pizza_and_reorder_cost_the_driver_nine_dollars() -> None:
    decisions = decide(forno, at_the_door, [ask(free_pizza, "1"), ask(reorder, "1")])
    assert [d.verdict for d in decisions] == [WITHIN, WITHIN]
    assert sum(d.cost for d in decisions) == Decimal("9.00")
    assert sum(d.face_value for d in decisions) == Decimal("19.00")


def test_what_was_given_in_the_case_before_counts_on_the_limit() -> None:
    later = replace(at_the_door, given=(given(free_pizza, "1"), given(reorder, "1")))
    assert limits(forno, later)["money-off"] == Decimal("16.00")
    assert limits(forno, later)["free-pizza"] == 1


def test_what_was_given_in_other_cases_does_not_count_on_the_limit() -> None:
    about = replace(at_the_door, given=(earlier(money_off, "20.00"),))
    assert limits(forno, about)["money-off"] == Decimal("23.50")
