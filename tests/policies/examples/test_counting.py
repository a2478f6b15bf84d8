"""Counting per case, order and customer: amounts, quantities and times."""

from dataclasses import replace

from policies.authority import options
from policies.rules import only_for_units
from tests.policies.builders import earlier, given, question, rule, rulebook
from tests.policies.examples.shop import (
    GRACE,
    OUTSIDE,
    WITHIN,
    decision,
    extension,
    limit,
    money_off,
    voucher,
)


def test_at_most_ten_per_order_counts_other_cases_of_the_order() -> None:
    rules = [rule("restrict", "10.00", per="order")]
    same_order = earlier(money_off, "4.00", this_order=True)
    about = question(order_reference="A-1", given=(same_order, earlier(money_off, "3.00")))
    assert limit(rules, about) == 6


def test_without_an_order_a_rule_per_order_allows_nothing() -> None:
    (option,) = options(rulebook([money_off], [rule("restrict", "10", per="order")]), question())
    assert (option.limit, option.needs) == (0, ("order_reference",))
    assert limit([rule("grant", "40", per="order")], question("25.00")) == 25


def test_at_most_thirty_per_customer_in_ninety_days() -> None:
    rules = [rule("restrict", "30.00", per="customer", window_days=90)]
    recent = earlier(money_off, "12.00", days=89)
    long_ago = earlier(money_off, "50.00", days=90)
    someone_else = earlier(money_off, "9.00", this_customer=False)
    history = (recent, long_ago, someone_else, given(money_off, "1.00"))
    about = question("100.00", customer_known=True, given=history)
    assert limit(rules, about) == 17
    assert limit([rule("restrict", "70.00", per="customer")], about) == 7


def test_a_rule_per_customer_needs_to_know_the_customer() -> None:
    (option,) = options(rulebook([money_off], [rule("restrict", "30", per="customer")]), question())
    assert (option.limit, option.needs) == (0, ("customer",))
    assert limit([rule("grant", "40", per="customer")], question("25.00")) == 25


def test_a_rule_counts_only_the_remedies_it_is_about() -> None:
    rules = [rule("restrict", "20.00", remedies=[money_off])]
    about = question("100.00", given=(given(voucher, "15.00"),))
    assert limit(rules, about) == 20
    assert limit([rule("restrict", "20.00")], about) == 5


second_late_fee = rule("restrict", "1", measure="times", per="customer", window_days=365)


def test_a_late_fee_is_waived_once_a_year() -> None:
    first = question(customer_known=True)
    assert decision([second_late_fee], first, money_off, "15.00").verdict == WITHIN
    second = replace(first, given=(earlier(money_off, "15.00", days=200),))
    refused = decision([second_late_fee], second, money_off, "15.00")
    assert (refused.verdict, refused.binding.policy_id) == (OUTSIDE, 1)
    a_year_later = replace(first, given=(earlier(money_off, "15.00", days=365),))
    assert decision([second_late_fee], a_year_later, money_off, "15.00").verdict == WITHIN


def test_the_first_time_a_unit_is_granted_whatever_the_tier() -> None:
    rules = [rule("grant", "1", measure="times", per="customer", remedies=[extension])]
    first = question("0", customer_known=True)
    assert limit(rules, first, extension) == 30
    second = replace(first, given=(earlier(extension, "7"),))
    assert limit(rules, second, extension) == 0


def test_a_number_grants_no_money_of_a_remedy_that_is_no_longer_given_by_quantity() -> None:
    by_amount = replace(money_off, id=extension.id)
    for measure, days in (("times", 30), ("quantity", 14)):
        rules = [rule("grant", "14", measure=measure, entitlement=True, remedies=[extension])]
        assert limit(rules, question("2.00"), extension) == days
        assert limit(rules, question("2.00"), by_amount) == 2
        assert decision(rules, question("2.00"), by_amount, "5000.00").verdict == OUTSIDE


def test_a_restriction_to_a_number_allows_no_money_but_one_to_a_number_of_times_does() -> None:
    assert limit([rule("restrict", "14", measure="quantity")], question("25.00")) == 0
    assert limit([rule("restrict", "14", measure="times")], question("25.00")) == 25


def test_a_ban_needs_no_units_whatever_it_counts() -> None:
    assert not only_for_units("forbid", "quantity")
    assert not only_for_units("forbid", "times")


def test_grace_can_make_one_time_more() -> None:
    rules = [rule("restrict", "5", measure="times", allows_grace=True)]
    five = tuple(given(money_off, "1.00") for _ in range(5))
    about = question("100.00", grace_percent="20", given=five)
    assert decision(rules, about, money_off, "1.00").verdict == GRACE
    six = replace(about, given=(*five, five[0]))
    assert decision(rules, six, money_off, "1.00").verdict == OUTSIDE


def test_at_most_so_many_days() -> None:
    rules = [rule("restrict", "14", measure="quantity", per="customer", remedies=[extension])]
    about = question(customer_known=True, given=(earlier(extension, "10"),))
    assert limit(rules, about, extension) == 4
    over = replace(about, given=(earlier(extension, "20"),))
    assert limit(rules, over, extension) == 0


def test_grace_on_a_quantity_stays_whole() -> None:
    rules = [rule("restrict", "12", measure="quantity", allows_grace=True, remedies=[extension])]
    (option,) = options(rulebook([extension], rules), question("100.00", grace_percent="20"))
    assert (option.limit, option.reach) == (12, 14)
