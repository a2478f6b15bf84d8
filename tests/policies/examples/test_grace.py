"""Grace: a little further, looked at afterwards, never before."""

from dataclasses import replace

from policies.authority import options
from policies.decision import BoundKind
from tests.policies.builders import given, question, rule, rulebook
from tests.policies.examples.shop import GRACE, OUTSIDE, WITHIN, decision, money_off, voucher


def test_grace_is_beyond_the_limit_and_looked_at_afterwards() -> None:
    about = question("25.00", grace_percent="20")
    within = decision([], about, money_off, "25.00")
    assert (within.verdict, within.review) == (WITHIN, False)
    further = decision([], about, money_off, "30.00")
    assert (further.verdict, further.review) == (GRACE, True)
    assert decision([], about, money_off, "30.01").verdict == OUTSIDE


def test_grace_is_counted_on_the_whole_limit_for_the_case() -> None:
    about = question("25.00", grace_percent="20", given=(given(money_off, "24.00"),))
    assert decision([], about, money_off, "6.00").verdict == GRACE
    assert decision([], about, money_off, "6.01").verdict == OUTSIDE
    over = replace(about, given=(given(money_off, "26.00"),))
    (option,) = options(rulebook([money_off]), over)
    assert (option.limit, option.reach, option.verdict) == (0, 4, GRACE)
    far_over = replace(about, given=(given(money_off, "31.00"),))
    (option,) = options(rulebook([money_off]), far_over)
    assert (option.limit, option.reach, option.verdict) == (0, 0, OUTSIDE)


def test_a_restriction_stops_unless_it_says_that_grace_applies() -> None:
    about = question("100.00", grace_percent="20")
    stop, review = rule("restrict", "50.00"), rule("restrict", "50.00", allows_grace=True)
    assert decision([stop], about, money_off, "50.01").verdict == OUTSIDE
    assert decision([review], about, money_off, "60.00").verdict == GRACE
    assert decision([review], about, money_off, "60.01").verdict == OUTSIDE
    assert decision([review, stop], about, money_off, "50.01").verdict == OUTSIDE


def test_a_refusal_names_the_bound_that_refuses() -> None:
    # The tier's 20.00 comes first, but with grace it would go to 24.00: the rule stops at 22.00.
    about = question("20.00", grace_percent="20")
    rules = [rule("restrict", "22.00")]
    assert decision(rules, about, money_off, "22.00").binding.kind == BoundKind.TIER
    refused = decision(rules, about, money_off, "23.00")
    assert (refused.verdict, refused.binding.kind) == (OUTSIDE, BoundKind.RESTRICTION)


def test_of_bounds_that_go_equally_far_the_one_with_a_reason_is_named() -> None:
    about = question("25.00", budget_left="25.00", budget_reach="25.00")
    answer = decision([rule("restrict", "25.00")], about, money_off, "30.00")
    assert answer.binding.kind == BoundKind.RESTRICTION
    assert decision([], about, money_off, "30.00").binding.kind == BoundKind.TIER
    granted = decision([rule("grant", "25.00")], about, money_off, "30.00")
    assert granted.binding.kind == BoundKind.GRANT


def test_of_like_restrictions_the_older_is_named() -> None:
    rules = [rule("restrict", "10.00", id=7), rule("restrict", "10.00", id=3)]
    for order in (rules, rules[::-1]):
        assert decision(order, question(), money_off, "20.00").binding.policy_id == 3


def test_a_rule_can_ask_to_be_looked_at_afterwards() -> None:
    restricted = decision(
        [rule("restrict", "50", review_afterwards=True)], question(), money_off, "1"
    )
    assert restricted.review
    grant = rule("grant", "10.00", review_afterwards=True)
    assert decision([grant], question(), money_off, "10.00").review
    assert not decision([grant], question(), money_off, "10.01").review
    elsewhere = rule("restrict", "50", review_afterwards=True, remedies=[voucher])
    assert not decision([elsewhere], question(), money_off, "1").review
