"""What a remedy costs, and how much of it a limit buys."""

from dataclasses import replace
from decimal import Decimal

from tests.policies.builders import earlier, given, question, remedy, rule
from tests.policies.examples.shop import (
    GRACE,
    OUTSIDE,
    WITHIN,
    decision,
    extension,
    free_pizza,
    keep_item,
    limit,
    money_off,
    reorder,
    voucher,
)


def test_a_voucher_counts_at_its_share() -> None:
    assert limit([], question("6.00"), voucher) == Decimal("10.00")
    answer = decision([], question("6.00"), voucher, "10.00")
    assert (answer.verdict, answer.cost, answer.face_value) == (WITHIN, 6, 10)


def test_no_share_of_a_cent_is_lost() -> None:
    assert voucher.cost_of(Decimal("0.01")) == Decimal("0.01")
    assert voucher.cost_of(Decimal("5.00")) == Decimal("3.00")
    assert voucher.cost_of(Decimal("5.01")) == Decimal("3.01")


def test_half_a_cent_of_a_limit_goes_no_further() -> None:
    # 25.01 with 10 % grace is 27.511: a voucher of 45.85 would cost 27.51, one of 45.86 27.52.
    about = question("25.01", grace_percent="10")
    assert decision([], about, voucher, "45.85").verdict == GRACE
    assert decision([], about, voucher, "45.86").verdict == OUTSIDE


def test_yen_have_no_cents() -> None:
    assert limit([], question("25"), remedy(currency="JPY", cost_share="0.60")) == 41


def test_dinars_have_three_places() -> None:
    about = question("1", order_value="0.755")
    rules = [rule("restrict", "50", measure="percent")]
    assert limit(rules, about, remedy(currency="KWD")) == Decimal("0.377")


def test_what_costs_nothing_can_be_given_even_when_all_is_used_up() -> None:
    used_up = question("5.00", given=(given(money_off, "5.00"),), budget_left="0", budget_reach="0")
    assert limit([], used_up, keep_item) == 3
    assert limit([], used_up, money_off) == 0


def test_what_is_worth_nothing_passes_a_restriction_of_amounts() -> None:
    assert limit([rule("restrict", "1.00")], question(), extension) == 30
    assert limit([rule("restrict", "1.00")], question(), reorder) == 0


def test_a_restriction_of_an_amount_counts_what_it_is_worth_to_the_customer() -> None:
    assert limit([rule("restrict", "20.00")], question(), free_pizza) == 1
    assert limit([rule("restrict", "20.00")], question(), voucher) == 20


def test_no_more_units_than_the_remedys_own_maximum_in_a_case() -> None:
    about = question("500.00")
    assert limit([], about, free_pizza) == 2
    assert limit([], replace(about, given=(given(free_pizza, "1"),)), free_pizza) == 1
    assert limit([], replace(about, given=(given(free_pizza, "3"),)), free_pizza) == 0
    assert limit([], replace(about, given=(earlier(free_pizza, "2"),)), free_pizza) == 2
    assert limit([], replace(about, given=(given(reorder, "1"),)), free_pizza) == 2
