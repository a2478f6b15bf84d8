"""Rules in plain words."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.models import Policy
from policies.sentences import costing_words, notes, rule_sentence, whole_rule
from policies.words import any_of, number
from tests.cast import Cast


def says(company: Cast, **how: Any) -> str:
    rule = company.rule("A rule", **how)
    return rule_sentence(Policy.objects.readable().get(pk=rule.pk))


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        (
            {"measure": "percent", "value": "100", "per": "order", "remedies": ["money-off"]},
            "Anyone may give Money off the bill, but at most 100 % of the order.",
        ),
        ({"value": "25"}, "Anyone may give anything, but at most $25.00 per case."),
        (
            {"effect": "grant", "value": "40", "tiers": ["Driver"],
             "conditions": [("second_failure", "eq", "yes")]},
            "Any Driver may give anything, up to $40.00 per case, when second failure is yes.",
        ),
        (
            {"effect": "grant", "measure": "quantity", "value": "1", "remedies": ["free-pizza"],
             "reasons": ["late"], "conditions": [("minutes_late", "ge", "30")],
             "entitlement": True},
            ("Customers are owed Free pizza, up to 1 pizza per case, after Late, "
            "when minutes late is at least 30."),
        ),
        (
            {"measure": "times", "value": "1", "per": "customer", "window_days": 30,
             "remedies": ["voucher"]},
            "Anyone may give Voucher, but at most once per customer in 30 days.",
        ),
        (
            {"measure": "times", "value": "3", "per": "customer", "window_days": 1},
            "Anyone may give anything, but at most 3 times per customer in 1 day.",
        ),
        (
            {"effect": "forbid", "remedies": ["voucher", "money-off"],
             "channels": ["phone", "web"]},
            "Nobody may give Money off the bill or Voucher, by phone or on the web.",
        ),
        (
            {"effect": "forbid", "teams": ["Queens"]},
            "Nobody in Queens may give anything.",
        ),
        (
            {"value": "12.5", "measure": "percent",
             "conditions": [("order_value", "gt", "50"), ("channel", "in", "chat, phone")]},
            ("Anyone may give anything, but at most 12.5 % of the order per case, "
            "when order value is more than $50.00 and channel is one of chat or phone."),
        ),
        (
            {"value": "5", "conditions": [("earlier_resolutions", "lt", "2", 90)]},
            ("Anyone may give anything, but at most $5.00 per case, "
            "when earlier resolutions of this customer in 90 days is less than 2."),
        ),
        (
            {"value": "5", "conditions": [("days_as_customer", "ge", "365")]},
            ("Anyone may give anything, but at most $5.00 per case, "
            "when days as a customer is at least 365."),
        ),
    ],
)  # fmt: skip
def test_a_rule_is_a_sentence(forno: Cast, how: dict[str, Any], sentence: str) -> None:
    assert says(forno, **how) == sentence


@pytest.mark.once
def test_what_is_read_afterwards_and_where_grace_goes_further_is_said(forno: Cast) -> None:
    how = {"value": "5", "allows_grace": True, "review_afterwards": True, "tiers": ["Driver"]}
    assert says(forno, **how) == (
        "Any Driver may give anything, but at most $5.00 per case, and a little further by the "
        "tier's grace, and it is read afterwards."
    )


@pytest.mark.once
def test_who_may_not_and_from_whom_something_is_owed(forno: Cast) -> None:
    hard = says(forno, effect="forbid", tiers=["Driver", "Shift lead"], reasons=["late"])
    assert hard == "No Driver or Shift lead may give anything, for Late."
    owed = says(forno, effect="grant", value="5", tiers=["Driver"], entitlement=True)
    assert owed == "Customers are owed anything, up to $5.00 per case, from any Driver."


@pytest.mark.once
@pytest.mark.parametrize(
    ("rationale", "reads"),
    [
        ("Two a month say we changed nothing.", "two a month say we changed nothing."),
        ("Forno pays for it.", "Forno pays for it."),
        ("Because it is fair. It always was.", "it is fair. It always was."),
        ("Taking it back costs more.", "taking it back costs more."),
        ("Gift cards are resold.", "gift cards are resold."),
        ("Twenty-five dollars is enough.", "twenty-five dollars is enough."),
        ("I have seen it.", "I have seen it."),
        ("I’d do the same.", "I’d do the same."),
        ("In Brooklyn they share a door.", "in Brooklyn they share a door."),
        ("New York is far.", "New York is far."),
        ("VIP guests get more.", "VIP guests get more."),
        ("PayPal takes a share.", "PayPal takes a share."),
        ("Vouchers bring people back.", "Vouchers bring people back."),
        ("Fridays are busy.", "Fridays are busy."),
        ("Maybe it helps.", "maybe it helps."),
    ],
)
def test_on_its_page_the_rule_and_its_reason_are_one_sentence(
    forno: Cast, rationale: str, reads: str
) -> None:
    rule = forno.rule("A rule", effect="forbid", remedies=["voucher"], rationale=rationale)
    sentence = whole_rule(Policy.objects.readable().get(pk=rule.pk))
    assert sentence == f"Nobody may give Voucher, because {reads}"


@pytest.mark.once
def test_amounts_are_in_the_divisions_own_form(orchard: Cast, scm: Cast) -> None:
    assert says(orchard, value="5") == "Anyone may give anything, but at most £5.00 per case."
    assert says(scm, value="62") == "Anyone may give anything, but at most A$62.00 per case."


@pytest.mark.once
def test_units_are_named_where_the_remedies_share_one(scm: Cast) -> None:
    days = {"measure": "quantity", "value": "14"}
    one = says(scm, **days, remedies=["payment-extension"])
    assert one == "Anyone may give Payment extension, but at most 14 days per case."
    both = says(scm, **days, remedies=["payment-extension", "extra-data"])
    assert both.endswith("but at most 14 pieces per case.")


@pytest.mark.once
def test_what_else_there_is_to_know(forno: Cast) -> None:
    rule = forno.rule("A rule", value="5", allows_grace=True, review_afterwards=True)
    assert notes(rule) == ["The tier's grace may go beyond it", "Looked at afterwards"]


@pytest.mark.once
def test_a_fact_that_is_asked_no_more_still_reads(forno: Cast) -> None:
    how = {"reasons": ["late"], "conditions": [("minutes_late", "ge", "30")]}
    rule = forno.rule("A rule", value="5", **how)
    forno.reasons["late"].asked_facts.all().delete()
    sentence = rule_sentence(Policy.objects.readable().get(pk=rule.pk))
    assert sentence.endswith(
        "at most $5.00 per case, after Late, when minutes late is at least 30."
    )


def test_fifty_rules_cost_no_more_queries_than_five(forno: Cast, scm: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            for rule in Policy.objects.readable():
                rule_sentence(rule)
        return len(queries)

    how = {"value": "5", "reasons": ["late"], "conditions": [("minutes_late", "ge", "30")]}
    for n in range(5):
        forno.rule(f"Rule {n}", **how)
    five = cost()
    for n in range(45):
        (forno if n % 2 else scm).rule(f"More {n}", value="5")
    assert cost() == five <= 9


@pytest.mark.once
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("money-off", "the amount given"),
        ("voucher", "60 % of the amount given"),
        ("free-pizza", "$5.00 for each pizza, worth $15.00; at most 2 in a case"),
        ("reorder", "$4.00 for each reorder; at most 1 in a case"),
    ],
)
def test_what_a_remedy_costs_is_said_in_words(forno: Cast, code: str, words: str) -> None:
    assert costing_words(forno.remedies[code]) == words


@pytest.mark.once
def test_what_costs_nothing_costs_nothing(orchard: Cast) -> None:
    keep = orchard.remedies["keep-item"]
    assert costing_words(keep) == "nothing; at most 5 in a case"
    keep.face_value_per_unit = Decimal("3.00")
    assert costing_words(keep) == "nothing for each item, worth £3.00; at most 5 in a case"


def test_lists_and_numbers_read_as_people_write_them() -> None:
    assert any_of(["a"]) == "a"
    assert any_of(["a", "b"]) == "a or b"
    assert any_of(["a", "b", "c"]) == "a, b or c"
    assert (number(Decimal("100.0000")), number(Decimal("12.50"))) == ("100", "12.5")
    assert number(Decimal(10)) == "10"
