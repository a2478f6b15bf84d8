"""Hard rules: not at all, with the reason and the words to say."""

from policies.decision import BoundKind
from tests.policies.builders import question, rule, rulebook, when
from tests.policies.examples.shop import OUTSIDE, decision, limits, money_off, voucher

no_cash_on_gift_cards = rule(
    "forbid",
    remedies=[money_off],
    conditions=[when("plan", "eq", "gift card")],
    rationale="Gift cards are resold for cash.",
    customer_wording="I can put the amount on a new card right now.",
)


def test_a_hard_rule_comes_with_its_why_and_words_to_say() -> None:
    answer = decision(
        [no_cash_on_gift_cards], question(facts={"plan": "gift card"}), money_off, "5.00"
    )
    assert (answer.verdict, answer.limit, answer.reach) == (OUTSIDE, 0, 0)
    (forbidding,) = answer.forbidding
    assert forbidding.rationale == answer.why == "Gift cards are resold for cash."
    assert forbidding.customer_wording == "I can put the amount on a new card right now."


def test_a_hard_rule_is_named_even_where_the_limit_is_used_up_too() -> None:
    used_up = question("0", facts={"plan": "gift card"}, budget_left="0", budget_reach="0")
    answer = decision([rule("restrict"), no_cash_on_gift_cards], used_up, money_off, "5.00")
    assert answer.binding.kind == BoundKind.FORBIDDEN


def test_a_hard_rule_beats_every_grant_and_has_no_grace() -> None:
    rules = [rule("grant", "50.00", entitlement=True), rule("forbid", allows_grace=True)]
    answer = decision(rules, question(grace_percent="50"), money_off, "1.00")
    assert answer.verdict == OUTSIDE


def test_a_hard_rule_on_one_remedy_leaves_the_others() -> None:
    book = rulebook([money_off, voucher], [rule("forbid", remedies=[money_off])])
    assert limits(book, question("6.00")) == {"money-off": 0, "voucher": 10}
