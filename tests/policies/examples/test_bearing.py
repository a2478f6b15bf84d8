"""Which rules can bear on a place, and which of them count what a customer was given elsewhere."""

from policies.authority import judge
from tests.policies.builders import ask, question, rule, rulebook, when
from tests.policies.examples.shop import OUTSIDE, WITHIN, money_off, voucher


def test_only_the_rules_about_a_place_bear_on_it() -> None:
    everywhere = rule(id=1)
    late = rule(id=2, reason_codes=[1])
    drivers = rule(id=3, tiers=[1])
    queens = rule(id=4, teams=[1])
    by_phone = rule(id=5, channels=["phone"])
    book = rulebook([money_off], [everywhere, late, drivers, queens, by_phone])

    def bearing(**known: object) -> set[int]:
        about = {"reason_id": 1, "tier_id": 1, "team_id": 1, "channel": "phone", **known}
        return {r.id for r in book.about(question("25.00", **about)).rules}

    assert bearing() == {1, 2, 3, 4, 5}
    assert bearing(reason_id=2) == {1, 3, 4, 5}
    assert bearing(tier_id=2) == {1, 2, 4, 5}
    assert bearing(team_id=2) == {1, 2, 3, 5}
    assert bearing(channel="chat") == {1, 2, 3, 4}


def test_a_rule_per_customer_or_about_what_was_given_earlier_counts_other_cases() -> None:
    per_case, per_customer = rule(per="case"), rule(per="customer")
    earlier = rule(conditions=[when("order_value", "gt", "1"), when("earlier_value", "gt", "1")])
    told = rule(conditions=[when("order_value", "gt", "1")])
    assert per_customer.counts_per_customer
    assert earlier.counts_per_customer
    assert not per_case.counts_per_customer
    assert not told.counts_per_customer
    assert rulebook([money_off], [per_case, per_customer]).counts_per_customer
    assert not rulebook([money_off], [per_case, told]).counts_per_customer


def test_judging_is_deciding_without_what_could_be_given_instead() -> None:
    book = rulebook([money_off, voucher])
    one = judge(book, question("25.00"), [ask(money_off, "20.00")])
    assert [d.verdict for d in one] == [WITHIN]
    both = judge(book, question("25.00"), [ask(money_off, "20.00"), ask(voucher, "20.00")])
    assert [d.verdict for d in both] == [WITHIN, OUTSIDE]
    assert all(d.alternatives == () for d in both)
