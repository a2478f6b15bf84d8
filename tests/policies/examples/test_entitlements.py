"""What the customer is owed is no goodwill: the division pays."""

from dataclasses import replace

from policies.authority import decide
from tests.policies.builders import ask, question, rule, rulebook
from tests.policies.examples.shop import (
    OUTSIDE,
    WITHIN,
    damaged_on_arrival,
    decision,
    limit,
    money_off,
    voucher,
)


def test_what_the_customer_is_owed_is_not_charged_to_the_month() -> None:
    about = question("20.00", order_value="35.00", budget_left="0", budget_reach="0")
    answer = decision([damaged_on_arrival], about, money_off, "35.00")
    assert answer.verdict == WITHIN
    assert answer.owed
    assert answer.against_limit == 0
    assert answer.covered_by
    assert answer.covered_by.title == "Damaged on arrival"


def test_what_goes_beyond_it_is_goodwill_and_needs_the_month() -> None:
    about = question("60.00", order_value="35.00", budget_left="40.00", budget_reach="40.00")
    goodwill = decision([damaged_on_arrival], about, money_off, "35.01")
    assert (goodwill.verdict, goodwill.owed) == (WITHIN, False)
    assert decision([damaged_on_arrival], about, money_off, "40.01").verdict == OUTSIDE


def test_what_is_owed_leaves_the_month_for_the_rest() -> None:
    about = question("60.00", order_value="35.00", budget_left="10.00", budget_reach="10.00")
    book = rulebook([money_off, voucher], [replace(damaged_on_arrival, remedies=frozenset({1}))])
    owed, goodwill = decide(book, about, [ask(money_off, "35.00"), ask(voucher, "16.00")])
    assert (owed.verdict, goodwill.verdict, goodwill.owed) == (WITHIN, WITHIN, False)


def test_a_grant_that_is_no_entitlement_is_charged_to_the_month() -> None:
    about = question("0", budget_left="10.00", budget_reach="10.00")
    assert limit([rule("grant", "40.00")], about) == 10
    assert not decision([rule("grant", "40.00")], about, money_off, "10.00").owed


def test_what_is_owed_is_taken_before_other_grants() -> None:
    rules = [rule("grant", "50.00"), rule("grant", "40.00", entitlement=True)]
    assert decision(rules, question("0"), money_off, "40.00").owed
    assert not decision(rules, question("0"), money_off, "40.01").owed


def test_of_like_grants_the_older_covers() -> None:
    rules = [rule("grant", "40.00", id=7), rule("grant", "40.00", id=3)]
    for order in (rules, rules[::-1]):
        covered_by = decision(order, question("0"), money_off, "40.00").covered_by
        assert covered_by
        assert covered_by.policy_id == 3


def test_a_restriction_holds_for_what_is_owed_too() -> None:
    about = question("20.00", order_value="35.00")
    assert limit([damaged_on_arrival, rule("restrict", "30.00")], about) == 30
