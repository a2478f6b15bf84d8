"""Where and when a rule holds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from policies.rules import ReasonTerms
from tests.policies.builders import A_DAY, NOW, question, rule, rulebook
from tests.policies.examples.shop import limit, limits, money_off, voucher


@pytest.mark.parametrize(
    ("scope", "here", "elsewhere"),
    [
        ("reason_codes", {"reason_id": 4}, {"reason_id": 5}),
        ("tiers", {"tier_id": 4}, {"tier_id": 5}),
        ("teams", {"team_id": 4}, {"team_id": 5}),
        ("channels", {"channel": "phone"}, {"channel": "chat"}),
    ],
)
def test_a_rule_holds_in_its_scope_only(
    scope: str, here: dict[str, Any], elsewhere: dict[str, Any]
) -> None:
    named: dict[str, Any] = {scope: here.values()}
    rules = [rule("forbid", **named)]
    assert limit(rules, question(**here)) == 0
    assert limit(rules, question(**elsewhere)) == 25
    assert limit([rule("forbid")], question(**elsewhere)) == 0


def test_a_rule_holds_from_its_start_to_just_before_its_end() -> None:
    moment = timedelta(microseconds=1)
    rules = [rule("forbid", starts_at=NOW, ends_at=NOW + A_DAY)]
    for at, maximum in ((-moment, 25), (0 * moment, 0), (A_DAY - moment, 0), (A_DAY, 25)):
        assert limit(rules, question(at=NOW + at)) == maximum
    assert [r.in_force(NOW + 400 * A_DAY) for r in (rule("forbid"), *rules)] == [True, False]


def test_a_rulebook_tells_which_rules_hold_at_a_moment() -> None:
    book = rulebook([money_off], [rule("forbid"), rule("forbid", starts_at=NOW + A_DAY)])
    assert [r.id for r in book.in_force(NOW)] == [1]
    assert [r.id for r in book.in_force(NOW + A_DAY)] == [1, 2]


def test_a_rulebook_knows_whether_it_counts_what_an_order_was_given() -> None:
    per_case, per_order = rule("restrict", "5"), rule("restrict", "5", per="order")
    assert not rulebook([money_off], [per_case]).counts_per_order
    assert rulebook([money_off], [per_case, per_order]).counts_per_order


def test_a_reason_code_that_is_no_longer_in_use_is_not_found() -> None:
    late, cold = ReasonTerms(1, "late", "Late"), ReasonTerms(2, "cold", "Cold", is_active=False)
    book = replace(rulebook([money_off]), reasons=(cold, late))
    assert (book.reason("late"), book.reason("cold"), book.reason("wet")) == (late, None, None)


def test_what_is_no_longer_in_use_is_not_offered() -> None:
    retired = replace(voucher, is_active=False)
    book = rulebook([money_off, retired], [])
    assert limits(book, question()) == {"money-off": 25}
    assert book.remedy("voucher") is None
    assert book.remedy("money-off") is money_off
    assert book.remedy_by_id(retired.id) is retired
    with pytest.raises(KeyError):
        book.remedy_by_id(99)


def test_a_reason_code_is_found_by_its_number_in_use_or_not() -> None:
    late, gone = ReasonTerms(1, "late", "Late"), ReasonTerms(2, "gone", "Gone", is_active=False)
    book = replace(rulebook([money_off], []), reasons=(late, gone))
    assert (book.reason_of(1), book.reason_of(2)) == (late, gone)
    with pytest.raises(KeyError):
        book.reason_of(3)
