"""Putting a case right: both remedies or neither, the money, the customer, and what is kept."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from budgets.check import problems
from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from employees.triggers import Trigger
from resolutions.errors import InvalidCase, NoAuthority, OutsideAuthority
from resolutions.models import Case, CaseState, Customer, FollowUp, Resolution
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.putting_right import (
    NOW,
    give_also,
    given,
    put_right,
    rows_written,
    so_many,
    so_much,
)
from tests.raw_sql import execute

KIM = CustomerDetails("C-1", name="Kim", email="kim@example.com")


def test_the_late_pizza(forno: Cast) -> None:
    """Story 1: a free pizza and an expedited reorder, in one go, 9.00 off the driver's month."""
    receipt = put_right(
        forno.agent,
        so_many("free-pizza"),
        so_many("reorder"),
        reason_code="wrong-order",
        customer=KIM,
        order_reference="A-77",
        order_value="23.50",
        note="Pepperoni instead of funghi",
    )

    assert given(receipt) == [("free-pizza", "5.00"), ("reorder", "4.00")]
    assert receipt["budget"] == {
        "month": "2026-11-01",
        "allotted": "120.00",
        "spent": "9.00",
        "left": "111.00",
        "currency": "USD",
    }
    case = Case.objects.get()
    assert (receipt["id"], receipt["number"]) == (case.pk, f"F-{case.pk}")
    assert (case.state, case.opened_by, case.team) == (
        CaseState.PUT_RIGHT,
        forno.agent,
        forno.teams["Brooklyn"],
    )
    assert (case.order_value, case.order_reference, case.note) == (
        Decimal("23.50"),
        "A-77",
        "Pepperoni instead of funghi",
    )
    assert (case.opened_at, case.ended_at) == (NOW, NOW)
    pizza, reorder = Resolution.objects.order_by("cost").reverse()
    assert (pizza.face_value, pizza.quantity, pizza.cost) == (Decimal(15), 1, Decimal(5))
    assert (reorder.tier, reorder.team) == (forno.tiers["Driver"], forno.teams["Brooklyn"])
    assert FollowUp.objects.get().case == case
    assert list(problems()) == []


def test_each_remedy_is_charged_by_an_entry_of_its_own(forno: Cast) -> None:
    request_id = uuid4()
    put_right(forno.agent, so_many("free-pizza"), so_many("reorder"), request_id=request_id)

    spent = LedgerEntry.objects.filter(kind=EntryKind.SPEND).order_by("id")
    assert [(e.note, e.amount, e.balance_after) for e in spent] == [
        ("Free pizza", Decimal("-5.00"), Decimal("115.00")),
        ("Expedited reorder", Decimal("-4.00"), Decimal("111.00")),
    ]
    assert {e.request_id for e in spent} == {request_id}
    assert [r.entry for r in Resolution.objects.order_by("entry_id")] == list(spent)


def test_a_case_with_a_remedy_beyond_authority_gets_neither(forno: Cast) -> None:
    before = rows_written()
    with pytest.raises(OutsideAuthority):
        put_right(forno.agent, so_many("free-pizza"), so_much("money-off", "20.01"))

    after = rows_written()
    assert Budget.objects.get().spent == Decimal(0)
    for table in ("Customer", "Case", "Resolution", "FollowUp"):
        assert after[table] == before[table] == []


@pytest.mark.parametrize(
    ("table", "fails_when"),
    [
        ("budgets_ledgerentry", "NEW.note = 'Expedited reorder'"),
        ("resolutions_customer", "1 = 1"),
        ("resolutions_case", "1 = 1"),
        ("resolutions_resolution", "NEW.cost < {five}"),
        ("resolutions_followup", "1 = 1"),
        ("resolutions_submission", "1 = 1"),
    ],
)
def test_whatever_fails_on_the_way_nothing_is_left_half_done(
    forno: Cast, table: str, fails_when: str
) -> None:
    five = 5 if connection.vendor == "postgresql" else 50_000
    failing = Trigger("fails", table, "BEFORE INSERT", "No.", fails_when.format(five=five))
    for statement in failing.create(connection.vendor):
        execute(statement)
    before = rows_written()

    with pytest.raises(IntegrityError, match=r"No\."):
        put_right(forno.agent, so_many("free-pizza"), so_many("reorder"), customer=KIM)

    assert rows_written() == before


def test_a_case_without_a_remedy_stays_open(forno: Cast) -> None:
    receipt = put_right(forno.agent, customer="C-1")

    assert (receipt["state"], receipt["resolutions"]) == ("open", [])
    assert receipt["ended_at"] is None
    assert not FollowUp.objects.exists()


def test_more_can_be_given_later_and_puts_the_case_right(forno: Cast) -> None:
    opened = put_right(forno.agent, customer=KIM)
    later = NOW + timedelta(hours=1)

    receipt = give_also(opened, forno.colleague, so_many("reorder"), at=later)

    assert (receipt["id"], receipt["state"]) == (opened["id"], "put-right")
    assert [row["given_by"] for row in receipt["resolutions"]] == ["forno.driver2"]
    assert Case.objects.get().ended_at == later
    assert receipt["budget"]["spent"] == "4.00"  # of the colleague who gave it
    assert FollowUp.objects.count() == 1


def test_giving_more_of_nothing_is_refused(forno: Cast) -> None:
    opened = put_right(forno.agent)
    before = rows_written()
    with pytest.raises(InvalidCase) as refusal:
        give_also(opened, forno.agent)
    assert refusal.value.errors == {"gives": ["Pick at least one thing to give."]}
    assert rows_written() == before


def test_a_customer_who_is_new_is_remembered(forno: Cast) -> None:
    put_right(forno.agent, so_many("reorder"), customer=KIM)

    kim = Customer.objects.get()
    assert (kim.division, kim.reference, kim.name, kim.email) == (
        forno.division,
        "C-1",
        "Kim",
        "kim@example.com",
    )


def test_what_was_blank_about_a_customer_is_filled_in_and_nothing_overwritten(
    forno: Cast,
) -> None:
    Customer.objects.create(division=forno.division, reference="C-1", name="Kim Smith")

    put_right(forno.agent, so_many("reorder"), customer=KIM)
    put_right(
        forno.colleague, customer=CustomerDetails(" C-1 ", name="Bob", email="bob@example.com")
    )

    kim = Customer.objects.get()
    assert (kim.name, kim.email) == ("Kim Smith", "kim@example.com")


def test_the_same_reference_in_another_division_is_another_customer(
    forno: Cast, orchard: Cast
) -> None:
    put_right(forno.agent, customer="C-1")
    put_right(orchard.agent, customer="C-1")

    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("reason", "days_later", "customer", "again"),
    [
        ("late", 29, "C-1", True),
        ("late", 30, "C-1", False),
        ("cold", 1, "C-1", False),
        ("late", 1, "C-2", False),
        ("late", 1, None, False),
    ],
)
def test_the_same_failure_within_thirty_days_is_a_second_failure(
    forno: Cast, reason: str, days_later: int, customer: str | None, again: bool
) -> None:
    first = put_right(forno.agent, customer="C-1", reason_code="late")
    second = put_right(
        forno.colleague,
        customer=customer,
        reason_code=reason,
        at=NOW + timedelta(days=days_later),
    )

    assert first["second_failure"] is False
    assert second["second_failure"] is again


def test_what_the_customer_is_owed_is_charged_to_the_division(orchard: Cast) -> None:
    orchard.rule(
        effect="grant", value="50.00", reasons=["damaged"], remedies=["money-off"], entitlement=True
    )

    receipt = put_right(
        orchard.agent, so_much("money-off", "45.00"), so_many("redeliver"), reason_code="damaged"
    )

    month = Budget.objects.get(kind=BudgetKind.MONTH)
    owed = Budget.objects.get(kind=BudgetKind.ENTITLEMENTS)
    assert (month.spent, owed.spent) == (Decimal("6.50"), Decimal(0))
    assert (owed.division, owed.month) == (orchard.division, date(2026, 11, 1))
    assert [(e.amount, e.balance_after) for e in owed.entries.all()] == [(Decimal("-45.00"), None)]
    assert [row["owed"] for row in receipt["resolutions"]] == [True, False]
    assert list(problems()) == []


def test_what_the_customer_is_owed_can_be_given_with_an_empty_month(orchard: Cast) -> None:
    orchard.rule(effect="grant", value="50.00", remedies=["money-off"], entitlement=True)
    orchard.agent.personal_budget = Decimal(0)

    receipt = put_right(orchard.agent, so_much("money-off", "50.00"))

    assert receipt["budget"]["left"] == "0.00"
    with pytest.raises(OutsideAuthority):
        put_right(orchard.agent, so_many("redeliver"))


@pytest.mark.parametrize("who", ["manager", "inactive"])
def test_without_a_tier_nobody_gives_or_opens_anything(forno: Cast, who: str) -> None:
    someone = forno.manager if who == "manager" else forno.agent
    someone.is_active = who != "inactive"
    case = put_right(forno.colleague)
    before = rows_written()

    with pytest.raises(NoAuthority):
        put_right(someone, so_many("reorder"))
    with pytest.raises(NoAuthority):
        give_also(case, someone, so_many("reorder"))

    assert rows_written() == before


def test_another_divisions_remedy_or_reason_is_not_there(forno: Cast, orchard: Cast) -> None:
    before = rows_written()
    with pytest.raises(InvalidCase) as refusal:
        put_right(forno.agent, so_many("redeliver"))
    assert list(refusal.value.errors) == ["gives.0.remedy"]
    with pytest.raises(InvalidCase) as refusal:
        put_right(forno.agent, reason_code="damaged")
    assert list(refusal.value.errors) == ["reason_code"]
    assert rows_written() == before


def test_another_divisions_case_is_not_there(forno: Cast, orchard: Cast) -> None:
    case = put_right(forno.agent)
    before = rows_written()
    with pytest.raises(Case.DoesNotExist):
        give_also(case, orchard.agent, so_many("redeliver"))
    assert rows_written() == before


def test_what_is_given_beyond_the_limit_in_grace_is_read_afterwards(scm: Cast) -> None:
    within, further = (
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")
        for amount in ("70.00", "180.00")
    )

    assert _verdicts(within) == [("within", False)]
    assert _verdicts(further) == [("grace", True)]
    assert further["budget"]["left"] == "-50.00"
    with pytest.raises(OutsideAuthority):
        put_right(scm.agent, so_much("bill-credit", "0.01"), reason_code="outage")
    assert list(problems()) == []


def test_going_over_the_month_is_read_afterwards(scm: Cast) -> None:
    put_right(scm.agent, so_much("bill-credit", "150.00"), reason_code="outage")
    last, over = (
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")
        for amount in ("50.00", "50.00")
    )

    assert (_verdicts(last), _verdicts(over)) == ([("within", False)], [("grace", True)])


def _verdicts(receipt: dict[str, Any]) -> list[tuple[str, bool]]:
    rows = Resolution.objects.filter(case=receipt["id"])
    told = [(row["verdict"], row["review_afterwards"]) for row in receipt["resolutions"]]
    assert told == [(row.verdict, row.review_afterwards) for row in rows]
    return told
