"""Grants and restrictions: the best grant, then the tightest restriction."""

from decimal import Decimal

from policies.authority import decide
from tests.policies.builders import ask, earlier, given, question, remedy, rule, rulebook
from tests.policies.examples.shop import (
    OUTSIDE,
    WITHIN,
    decision,
    keep_item,
    limit,
    limits,
    money_off,
    voucher,
)


def test_a_grant_goes_above_the_tiers_limit() -> None:
    assert limit([rule("grant", "40.00")], question("25.00")) == 40


def test_a_grant_below_the_tiers_limit_takes_nothing_away() -> None:
    assert limit([rule("grant", "10.00")], question("25.00")) == 25


def test_the_best_grant_counts_and_then_the_tightest_restriction() -> None:
    rules = [rule(e, v) for e, v in (("grant", "40"), ("grant", "60"), ("restrict", "50"))]
    assert limit(rules, question("25.00")) == 50
    assert limit([*rules, rule("restrict", "45")], question("25.00")) == 45


def test_what_a_grant_covers_does_not_use_up_the_limit() -> None:
    rules = [rule("grant", "10.00", remedies=[voucher])]
    book = rulebook([money_off, voucher], rules)
    covered, off = decide(book, question("25.00"), [ask(voucher, "10.00"), ask(money_off, "25.00")])
    assert (covered.verdict, covered.against_limit, covered.cost) == (WITHIN, 0, 6)
    assert (off.verdict, off.against_limit) == (WITHIN, 25)


def test_what_goes_beyond_a_grant_uses_up_the_limit() -> None:
    rules = [rule("grant", "10.00")]
    answer = decision(rules, question("25.00"), money_off, "10.01")
    assert (answer.verdict, answer.covered_by) == (WITHIN, None)
    assert answer.against_limit == Decimal("10.01")


def test_a_grant_per_case_is_used_up_by_what_was_given_in_the_case() -> None:
    about = question("0", given=(given(money_off, "15.00", against_limit="0"),))
    assert limit([rule("grant", "40.00")], about) == 25
    assert limit([rule("grant", "10.00")], about) == 0


def test_a_grant_goes_beyond_the_limit_and_is_not_added_to_it() -> None:
    rules = [rule("grant", "40.00", remedies=[money_off])]
    for steps in (("40.00",), ("25.00", "15.00"), ("10.00", "30.00")):
        covered = tuple(given(money_off, step, against_limit="0") for step in steps)
        about = question("25.00", grace_percent="20", given=covered)
        book = rulebook([money_off, voucher], rules)
        assert limits(book, about)["money-off"] == 0
        assert limits(book, about)["voucher"] == Decimal("41.66"), "the limit is there for others"


def test_what_a_grant_covered_elsewhere_uses_nothing_of_this_case() -> None:
    rules = [rule("grant", "40.00", remedies=[money_off])]
    about = question("25.00", given=(earlier(money_off, "40.00", against_limit="0"),))
    assert limit(rules, about) == 40


def test_two_resolutions_in_one_go_share_a_grant() -> None:
    book = rulebook([money_off, voucher], [rule("grant", "30.00")])
    off, extra = decide(book, question("0"), [ask(money_off, "20.00"), ask(voucher, "20.00")])
    assert (off.verdict, extra.verdict) == (WITHIN, OUTSIDE)


def test_the_dearest_is_decided_first_whatever_the_order_of_typing() -> None:
    book = rulebook([money_off, voucher], [])
    cheap, dear = decide(book, question("25.00"), [ask(voucher, "10.00"), ask(money_off, "20.00")])
    assert (dear.verdict, cheap.verdict) == (WITHIN, OUTSIDE)


def test_of_two_that_cost_nothing_the_larger_is_decided_first() -> None:
    book = rulebook([keep_item], [])
    for asks in (["2", "3"], ["3", "2"]):
        answers = decide(book, question(), [ask(keep_item, measure) for measure in asks])
        assert {int(d.asked or 0): d.verdict for d in answers} == {3: WITHIN, 2: OUTSIDE}


def test_of_two_that_cost_the_same_the_older_remedy_is_decided_first() -> None:
    newer = remedy("newer", id=9)
    book = rulebook([newer, money_off], [])
    answers = decide(book, question("7.00"), [ask(newer, "5.00"), ask(money_off, "5.00")])
    assert [d.verdict for d in answers] == [OUTSIDE, WITHIN]


def test_what_is_refused_takes_nothing_from_the_rest() -> None:
    book = rulebook([money_off, voucher], [])
    refused, other = decide(
        book, question("25.00"), [ask(money_off, "99.00"), ask(voucher, "10.00")]
    )
    assert (refused.verdict, other.verdict) == (OUTSIDE, WITHIN)
    assert limits(book, question("25.00"), (money_off, "99.00"))["voucher"] == Decimal("41.66")
