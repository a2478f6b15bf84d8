"""Remedies and reason codes in the admin."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from employees.models import Employee
from policies.models import ReasonCode, Remedy
from tests.admin.desk import Desk, address, errors
from tests.cast import Cast
from tests.pages import words


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


@pytest.mark.once
@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("free-pizza", {"cost_per_unit": "5.50"}),
        ("free-pizza", {"face_value_per_unit": "16"}),
        ("free-pizza", {"max_quantity": "3"}),
        ("voucher", {"cost_share_percent": "70"}),
        ("money-off", {"costing": "share", "cost_share_percent": "70"}),
    ],
)
def test_a_change_of_what_a_remedy_costs_says_why(
    desk: Desk, forno: Cast, code: str, fields: dict[str, str]
) -> None:
    remedy = forno.remedies[code]
    assert "Say why" in errors(desk.change(remedy, **fields))["change_reason"][0]
    assert desk.change(remedy, **fields, change_reason="The dairy asks more.").status_code == 302
    record = remedy.history.first()
    assert record is not None
    assert record.history_change_reason == "The dairy asks more."


@pytest.mark.once
def test_a_new_name_needs_no_reason_and_the_code_stays(desk: Desk, forno: Cast) -> None:
    desk.change(forno.remedies["voucher"], name="Gift", code="gift")
    remedy = Remedy.objects.get(name="Gift")
    assert remedy.code == "voucher"


def test_a_new_remedy_is_the_divisions_own(desk: Desk, forno: Cast) -> None:
    desk.add(
        Remedy,
        name="Dessert",
        code="dessert",
        rationale="Sweet.",
        customer_wording="This one is on us.",
        costing="per_unit",
        cost_per_unit="1.20",
        max_quantity="2",
    )
    remedy = Remedy.objects.get(code="dessert")
    assert (remedy.division, remedy.cost_per_unit) == (forno.division, Decimal("1.20"))


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"costing": "share"}, "cost_share_percent"),
        ({"costing": "per_unit"}, "cost_per_unit"),
        ({"costing": "share", "cost_share_percent": "101"}, "cost_share_percent"),
        ({"costing": "free"}, "costing"),
        ({"rationale": " "}, "rationale"),
        ({"code": "voucher"}, "__all__"),
        ({"code": "no spaces"}, "code"),
    ],
)
def test_a_remedy_that_says_too_little_is_refused(
    desk: Desk, fields: dict[str, str], field: str
) -> None:
    whole = {
        "name": "New",
        "code": "new",
        "rationale": "x",
        "customer_wording": "x",
        "costing": "entered",
    }
    assert field in errors(desk.add(Remedy, **{**whole, **fields}))


def test_what_is_out_of_use_is_not_deleted(desk: Desk, forno: Cast) -> None:
    desk.act("take_out_of_use", forno.remedies["voucher"], forno.remedies["reorder"])
    assert {r.code for r in Remedy.objects.filter(is_active=False)} == {"voucher", "reorder"}
    assert forno.remedies["voucher"].history.count() == 2
    desk.act("put_back_in_use", forno.remedies["voucher"])
    assert Remedy.objects.get(code="voucher").is_active
    for model, row in ((Remedy, forno.remedies["voucher"]), (ReasonCode, forno.reasons["late"])):
        where = address(model, "delete", row.pk)
        assert desk.client.post(where, {"post": "yes"}).status_code == 403


def test_the_rules_about_a_remedy_or_a_reason_stand_beside_it(desk: Desk, forno: Cast) -> None:
    forno.rule("About vouchers", value="15", remedies=["voucher"])
    forno.rule("About lateness", value="15", reasons=["late"])
    voucher = desk.page(forno.remedies["voucher"]).content.decode()
    assert "About vouchers" in voucher
    cold = desk.page(forno.reasons["cold"]).content.decode()
    assert "About vouchers" in cold
    assert "About lateness" not in cold


@pytest.mark.once
def test_a_rule_that_is_to_come_says_from_when(desk: Desk, forno: Cast) -> None:
    forno.rule("Now", value="15")
    forno.rule("Soon", value="10", starts_at=datetime(2030, 12, 1, 5, tzinfo=UTC))
    panel = words(desk.page(forno.remedies["voucher"])).partition("Rules that hold for Voucher")[2]
    now, _, soon = panel.partition("To come")
    assert "From" not in now
    assert "From 1 December 2030, 00:00" in soon, "at midnight in New York"


def test_a_reason_code_asks_for_facts(desk: Desk, forno: Cast) -> None:
    answer = desk.change(
        forno.reasons["cold"],
        **{
            "asked_facts-TOTAL_FORMS": "1",
            "asked_facts-0-label": "how cold",
            "asked_facts-0-key": "how_cold",
            "asked_facts-0-kind": "choice",
            "asked_facts-0-choices": "lukewarm, ice",
            "asked_facts-0-position": "0",
        },
    )
    assert answer.status_code == 302
    assert forno.reasons["cold"].asked_facts.get().label == "how cold"


@pytest.mark.once
@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"key": "order_value", "kind": "number"}, "knows this fact by itself"),
        ({"key": "Bad Key", "kind": "number"}, "letters"),
        ({"key": "fine", "kind": "choice", "choices": ""}, "choices"),
        ({"key": "", "kind": "number"}, "Fill this in."),
        ({"key": "fine", "kind": "pigeon"}, "Choose among what is offered."),
        ({"key": "fine", "kind": "number", "position": "first"}, "Write a whole number."),
    ],
)
def test_a_fact_that_can_not_be_asked_is_refused(
    desk: Desk, forno: Cast, fact: dict[str, str], said: str
) -> None:
    fields = {f"asked_facts-0-{name}": value for name, value in fact.items()}
    answer = desk.change(
        forno.reasons["cold"],
        **{"asked_facts-TOTAL_FORMS": "1", "asked_facts-0-label": "x"},
        **{"asked_facts-0-position": "0", **fields},
    )
    assert answer.status_code == 200
    [facts] = answer.context["inline_admin_formsets"]
    [errors] = facts.formset.errors
    assert said in str(errors)
    assert not forno.reasons["cold"].asked_facts.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    "change", [{"asked_facts-0-DELETE": "on"}, {"asked_facts-0-kind": "yes_no"}]
)
def test_what_rules_compare_is_asked_on(desk: Desk, forno: Cast, change: dict[str, Any]) -> None:
    how = {"reasons": ["late"], "conditions": [("minutes_late", "ge", "30")]}
    forno.rule("Very late", value="15", **how)
    answer = desk.change(forno.reasons["late"], **change)
    assert answer.status_code == 200
    assert "“Very late”" in answer.content.decode()
    assert forno.reasons["late"].asked_facts.get().kind == "number"


@pytest.mark.once
def test_an_administrator_reads_remedies_and_reason_codes(
    head_office: dict[str, Employee], forno: Cast
) -> None:
    desk = Desk(head_office["admin"])
    for row in (forno.remedies["voucher"], forno.reasons["late"]):
        assert desk.page(row).status_code == 200
        where = address(type(row), "change", row.pk)
        assert desk.client.post(where, {"name": "x"}).status_code == 403
