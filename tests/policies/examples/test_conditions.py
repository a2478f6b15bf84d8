"""Conditions: facts, known and unknown, compared with values."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from policies.authority import options
from policies.facts import FactKind, FactTerms
from tests.policies.builders import (
    A_DAY,
    NOW,
    TODAY,
    earlier,
    given,
    question,
    rule,
    rulebook,
    when,
)
from tests.policies.examples.shop import limit, money_off, voucher


@pytest.mark.parametrize(
    ("operator", "fact", "holds"),
    [
        ("eq", "30", True),
        ("eq", "31", False),
        ("ne", "30", False),
        ("ne", "31", True),
        ("lt", "29", True),
        ("lt", "30", False),
        ("le", "30", True),
        ("le", "31", False),
        ("gt", "31", True),
        ("gt", "30", False),
        ("ge", "30", True),
        ("ge", "29", False),
    ],
)
def test_a_grant_applies_where_its_condition_holds(operator: str, fact: str, holds: bool) -> None:
    late = rule("grant", "40.00", conditions=[when("minutes_late", operator, "30")])
    about = question("25.00", facts={"minutes_late": Decimal(fact)})
    assert limit([late], about) == (40 if holds else 25)


def test_one_of_a_list() -> None:
    rules = [rule("forbid", conditions=[when("plan", "in", ["basic", "plus"])])]
    assert limit(rules, question(facts={"plan": "plus"})) == 0
    assert limit(rules, question(facts={"plan": "max"})) == 25


def test_a_fact_that_is_not_known_never_makes_a_grant_apply() -> None:
    rules = [rule("grant", "40.00", conditions=[when("minutes_late", "ge", "30")])]
    (option,) = options(rulebook([money_off], rules), question("25.00"))
    assert (option.limit, option.needs) == (25, ("minutes_late",))


def test_a_fact_that_is_not_known_never_makes_a_restriction_fall_away() -> None:
    rules = [rule("restrict", "10.00", conditions=[when("minutes_late", "lt", "30")])]
    (option,) = options(rulebook([money_off], rules), question("25.00"))
    assert (option.limit, option.needs) == (10, ("minutes_late",))
    rules = [rule("forbid", conditions=[when("seal_broken", "eq", value=True)])]
    (option,) = options(rulebook([money_off], rules), question("25.00"))
    assert (option.limit, option.needs) == (0, ("seal_broken",))


def test_a_condition_that_does_not_hold_settles_it_whatever_else_is_unknown() -> None:
    conditions = [when("minutes_late", "ge", "30"), when("seal_broken", "eq", value=True)]
    rules = [rule("forbid", conditions=conditions)]
    (option,) = options(rulebook([money_off], rules), question(facts={"seal_broken": False}))
    assert (option.limit, option.needs) == (25, ())


def test_a_fact_told_as_another_kind_of_value_is_not_known() -> None:
    number = FactTerms("damage", "damage", FactKind.NUMBER)
    rules = [rule("restrict", "10.00", conditions=[when(number, "lt", "30")])]
    assert limit(rules, question("25.00", facts={"damage": "large"})) == 10
    assert limit(rules, question("25.00", facts={"damage": True})) == 10
    assert limit(rules, question("25.00", facts={"damage": Decimal(40)})) == 25


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        (when("order_value", "ge", "20"), {"order_value": "20"}),
        (when("days_since_order", "le", "2"), {"order_date": TODAY - 2 * A_DAY}),
        (when("channel", "eq", "phone"), {"channel": "phone"}),
        (when("customer_segment", "ne", "gold"), {"customer_segment": "new"}),
        (when("days_as_customer", "ge", "365"), {"customer_since": TODAY - 365 * A_DAY}),
        (when("earlier_resolutions", "eq", "0"), {"customer_known": True}),
        (when("earlier_value", "eq", "0"), {"customer_known": True}),
        (when("earlier_same", "eq", "0"), {"customer_known": True}),
        (when("lifetime_value", "gt", "500"), {"lifetime_value": "500.01"}),
        (when("second_failure", "eq", value=False), {"second_failure": False}),
    ],
)
def test_facts_the_program_knows_by_itself(condition: Any, known: dict[str, Any]) -> None:
    rules = [rule("grant", "40.00", conditions=[condition])]
    assert limit(rules, question("25.00", **known)) == 40
    (option,) = options(rulebook([money_off], rules), question("25.00"))
    assert (option.limit, option.needs) == (25, (condition.fact.key,))


def test_a_segment_that_was_left_blank_is_not_known() -> None:
    rules = [rule("grant", "40.00", conditions=[when("customer_segment", "ne", "gold")])]
    assert limit(rules, question("25.00", customer_segment="")) == 25


def test_only_for_customers_who_have_been_with_us_for_a_year() -> None:
    rules = [rule("grant", "40.00", conditions=[when("days_as_customer", "ge", "365")])]
    assert limit(rules, question("25.00", customer_since=TODAY - 364 * A_DAY)) == 25


def test_days_are_counted_where_the_employee_works() -> None:
    rules = [rule("grant", "40.00", conditions=[when("days_since_order", "le", "1")])]
    ordered = TODAY - A_DAY
    assert limit(rules, question("25.00", order_date=ordered, today=TODAY)) == 40
    assert limit(rules, question("25.00", order_date=ordered, today=TODAY + A_DAY)) == 25
    assert limit(rules, question("25.00", order_date=ordered, today=None)) == 40


def test_no_earlier_claim_in_ninety_days() -> None:
    rules = [rule("grant", "40.00", conditions=[when("earlier_resolutions", "eq", "0", 90)])]
    about = question("25.00", customer_known=True)
    within_ninety = earlier(money_off, "1.00", days=89)
    assert limit(rules, replace(about, given=(within_ninety,))) == 25
    assert limit(rules, replace(about, given=(replace(within_ninety, at=NOW - 90 * A_DAY),))) == 40


def test_the_same_kind_is_what_the_rule_itself_is_about() -> None:
    of_the_same = when("earlier_same", "eq", "0", 90)
    rules = [rule("grant", "40.00", conditions=[of_the_same], remedies=[money_off])]
    about = question("25.00", customer_known=True)
    assert limit(rules, replace(about, given=(earlier(voucher, "5.00", days=3),))) == 40
    assert limit(rules, replace(about, given=(earlier(money_off, "5.00", days=3),))) == 25
    assert limit(rules, replace(about, given=(earlier(money_off, "5.00", days=90),))) == 40


def test_a_rule_about_everything_counts_everything_as_the_same_kind() -> None:
    rules = [rule("grant", "40.00", conditions=[when("earlier_same", "eq", "0")])]
    about = question("25.00", customer_known=True, given=(earlier(voucher, "5.00"),))
    assert limit(rules, about) == 25


def test_what_was_given_in_this_case_is_not_earlier() -> None:
    rules = [rule("restrict", "0", conditions=[when("earlier_value", "gt", "10.00")])]
    about = question("25.00", customer_known=True)
    assert limit(rules, replace(about, given=(given(voucher, "11.00"),))) > 0
    assert limit(rules, replace(about, given=(earlier(voucher, "11.00"),))) == 0
    assert limit(rules, replace(about, given=(earlier(voucher, "10.00"),))) == 25
    not_theirs = earlier(voucher, "11.00", this_customer=False)
    assert limit(rules, replace(about, given=(not_theirs,))) == 25
