"""The month's budget, and going over it."""

from policies.authority import decide, options
from policies.decision import BoundKind
from tests.policies.builders import ask, question, rulebook
from tests.policies.examples.shop import GRACE, OUTSIDE, WITHIN, decision, money_off, voucher


def test_the_month_binds_when_it_is_nearly_used_up() -> None:
    about = question("150.00", budget_left="12.00", budget_reach="12.00")
    answer = decision([], about, money_off, "35.00")
    assert (answer.verdict, answer.limit) == (OUTSIDE, 12)
    assert answer.binding.kind == BoundKind.BUDGET


def test_a_rep_whose_month_is_used_up_can_still_help() -> None:
    about = question("150.00", budget_left="0", budget_reach="50.00")
    answer = decision([], about, money_off, "35.00")
    assert (answer.verdict, answer.review) == (GRACE, True)
    assert decision([], about, money_off, "50.01").verdict == OUTSIDE


def test_several_remedies_share_the_month() -> None:
    about = question("150.00", budget_left="40.00", budget_reach="50.00")
    book = rulebook([money_off, voucher])
    first, second = decide(book, about, [ask(money_off, "40.00"), ask(voucher, "10.00")])
    assert (first.verdict, second.verdict) == (WITHIN, GRACE)


def test_someone_without_a_month_is_not_asked_about_it() -> None:
    (option,) = options(rulebook([money_off]), question("150.00"))
    assert option.limit == 150
    assert option.as_json()["bounds"][-1] == {
        **option.as_json()["bounds"][-1],
        "kind": "budget",
        "limit": None,
    }
