"""What a decision tells: every bound, its reason, and what can be given instead."""

from policies.authority import decide, options
from policies.decision import BoundKind
from tests.policies.builders import ask, question, rule, rulebook, when
from tests.policies.examples.shop import (
    decision,
    extension,
    free_pizza,
    money_off,
    never_more_than_the_order,
    reorder,
)


def test_a_refusal_offers_what_can_be_given_instead() -> None:
    book = rulebook([money_off, free_pizza, reorder], [rule("forbid", remedies=[reorder])])
    (refused,) = decide(book, question("12.00"), [ask(money_off, "40.00")])
    offered = {d.remedy.code: d.limit for d in refused.alternatives}
    assert offered == {"money-off": 12, "free-pizza": 2}
    assert all(d.why for d in refused.alternatives)
    (allowed,) = decide(book, question("12.00"), [ask(money_off, "12.00")])
    assert allowed.alternatives == ()


def test_what_is_offered_instead_fits_next_to_what_is_given() -> None:
    book = rulebook([money_off, free_pizza, reorder])
    refused, _ = decide(book, question("12.00"), [ask(free_pizza, "3"), ask(reorder, "1")])
    offered = {d.remedy.code: d.limit for d in refused.alternatives}
    assert offered == {"money-off": 8, "free-pizza": 1}


def test_every_bound_is_told_with_its_why_and_words() -> None:
    rules = [
        rule("grant", "10.00", version=3),
        rule("restrict", "100", measure="percent", rationale="Fair."),
        rule("forbid", conditions=[when("second_failure", "eq", value=True)]),
    ]
    about = question("25.00", budget_left="90.00", budget_reach="100.00")
    (option,) = options(rulebook([reorder], rules), about)
    assert [(b.kind, b.title, b.version) for b in option.bounds] == [
        (BoundKind.TIER, "", None),
        (BoundKind.GRANT, "grant 10.00", 3),
        (BoundKind.RESTRICTION, "restrict 100", 1),
        (BoundKind.FORBIDDEN, "forbid 0", 1),
        (BoundKind.REMEDY, "", None),
        (BoundKind.BUDGET, "", None),
    ]
    assert [b.rationale for b in option.bounds[1:4]] == [
        "Why we grant 10.00.",
        "Fair.",
        "Why we forbid 0.",
    ]
    assert option.bounds[1].customer_wording == "Words for grant 10.00."


def test_the_decision_is_kept_as_it_was() -> None:
    about = question("25.00", order_value="23.5", grace_percent="20")
    kept = decision([never_more_than_the_order], about, money_off, "23.5").as_json()
    bounds = kept.pop("bounds")
    assert kept == {
        "remedy": "money-off",
        "verdict": "within",
        "measured_in": "amount",
        "unit": "",
        "asked": "23.50",
        "limit": "23.50",
        "limit_with_grace": "23.50",
        "cost": "23.50",
        "owed": False,
        "review_afterwards": False,
        "needs": [],
        "binding": bounds[1],
        "alternatives": [],
    }
    assert bounds[1] == {
        "kind": "restriction",
        "limit": "23.50",
        "limit_with_grace": "23.50",
        "policy": 1,
        "version": 1,
        "title": "restrict 100",
        "rationale": "Why we restrict 100.",
        "customer_wording": "Words for restrict 100.",
        "only_when": "",
        "needs": [],
    }


def test_quantities_are_kept_as_whole_numbers() -> None:
    kept = decision([], question("25.00"), free_pizza, "3").as_json()
    assert (kept["verdict"], kept["measured_in"], kept["unit"]) == ("outside", "quantity", "pizzas")
    assert (kept["asked"], kept["limit"], kept["cost"]) == ("3", "2", "15.00")
    assert kept["alternatives"] == [
        {"remedy": "free-pizza", "limit": "2", "why": "Why free-pizza."}
    ]
    assert decision([], question("900.00"), extension, "20").as_json()["asked"] == "20"
