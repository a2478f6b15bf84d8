"""The database itself refuses to falsify the ledger, whoever asks: raw SQL, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from budgets import ledger, months
from budgets.check import problems
from budgets.models import Budget
from tests.cast import Cast
from tests.raw_sql import empty_out, execute, insert, refused

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00, of which 20.00 is spent."""
    budget = months.open_month(forno.agent, at=NOW)
    ledger.spend(budget, cost=Decimal("20.00"), actor=forno.agent, request_id=uuid4(), at=NOW)
    return budget


def insert_entry(budget: Budget, **columns: Any) -> None:
    """Write an entry of 5.00 spent that fits, except for the columns given."""
    fitting = {
        "budget_id": budget.pk,
        "kind": "spend",
        "amount": Decimal("-5.00"),
        "balance_after": Decimal("95.00"),
        "request_id": uuid4().hex,
        "note": "",
        "at": NOW,
    }
    insert("budgets_ledgerentry", **{**fitting, **columns})


def insert_budget(division: int, **columns: Any) -> None:
    """Write a budget that holds nothing yet."""
    money = {name: Decimal(0) for name in ("allotted", "spent", "grace")}
    insert(
        "budgets_budget",
        **{"division_id": division, "name": "", "opened_at": NOW, **money, **columns},
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", Decimal("-19.00")),
        ("balance_after", Decimal("101.00")),
        ("note", "something else"),
        ("at", datetime(2026, 1, 1, tzinfo=UTC)),
        ("kind", "lent"),
    ],
)
def test_no_column_of_an_entry_can_be_changed(month: Budget, column: str, value: Any) -> None:
    with refused("never changed or deleted"):
        execute(f"UPDATE budgets_ledgerentry SET {column} = %s", value)

    assert list(problems()) == []


def test_an_entry_can_not_be_deleted(month: Budget) -> None:
    with refused("never changed or deleted"):
        execute("DELETE FROM budgets_ledgerentry")

    assert month.entries.count() == 2


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["budgets_ledgerentry", "budgets_budget", "employees_division"])
def test_entries_are_not_emptied_out(month: Budget, table: str) -> None:
    with refused("never changed or deleted"):
        empty_out(table)
    assert month.entries.count() == 2


@pytest.mark.sqlite
def test_an_entry_can_not_be_replaced_by_another(forno: Cast) -> None:
    owed = months.open_entitlements(forno.division, month=NOVEMBER)
    entry = ledger.charge_entitlement(
        owed, cost=Decimal("5.00"), actor=forno.agent, request_id=uuid4(), at=NOW
    )
    with refused("never changed or deleted"):
        execute(
            "INSERT OR REPLACE INTO budgets_ledgerentry "
            "(id, budget_id, kind, amount, request_id, note, at) "
            "SELECT id, budget_id, kind, amount * 2, request_id, note, at FROM budgets_ledgerentry"
        )

    entry.refresh_from_db()
    assert entry.amount == Decimal("-5.00")


def test_an_entry_must_continue_the_balance_before_it(month: Budget) -> None:
    execute("UPDATE budgets_budget SET spent = spent + %s", Decimal("5.00"))
    insert_entry(month)  # this one fits

    execute("UPDATE budgets_budget SET spent = spent + %s", Decimal("5.00"))
    with refused("continue the balance"):
        insert_entry(month, balance_after=Decimal("95.00"))
    insert_entry(month, balance_after=Decimal("90.00"))
    assert list(problems()) == []


def test_an_entry_must_agree_with_its_budgets_counters(month: Budget) -> None:
    with refused("agree with its budget"):
        insert_entry(month)  # continues the balance, but nothing was taken out


def test_an_entry_of_a_month_must_say_what_is_left(month: Budget) -> None:
    execute("UPDATE budgets_budget SET spent = spent + %s", Decimal("5.00"))
    with refused("continue the balance"):
        insert_entry(month, balance_after=None)
    insert_entry(month)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("spend", "5.00"), ("allotment", "-5.00"), ("top-up", "-5.00")],
)
def test_an_entry_moves_money_the_way_its_kind_says(month: Budget, kind: str, amount: str) -> None:
    moved = Decimal(amount)
    execute("UPDATE budgets_budget SET spent = spent - %s", moved)
    with refused("entry_sign_fits_its_kind|begins with its allotment"):
        insert_entry(month, kind=kind, amount=moved, balance_after=Decimal("100.00") + moved)
    execute("UPDATE budgets_budget SET spent = spent + %s", moved)


def test_a_budget_can_not_be_overspent_by_a_cent(month: Budget) -> None:
    with refused("budget_never_overspent"):
        execute("UPDATE budgets_budget SET spent = %s", Decimal("120.01"))

    month.refresh_from_db()
    assert month.spent == Decimal("20.00")


def test_what_is_spent_already_can_not_be_taken_from_under_it(month: Budget) -> None:
    with refused("budget_never_overspent"):
        execute("UPDATE budgets_budget SET base = 0, allotted = %s", Decimal("19.99"))


@pytest.mark.parametrize("counter", ["allotted", "spent", "grace"])
def test_no_counter_goes_below_zero(month: Budget, counter: str) -> None:
    with refused("budget_amounts_not_negative|budget_never_overspent"):
        execute(f"UPDATE budgets_budget SET base = 0, {counter} = %s", Decimal("-0.01"))


@pytest.mark.postgres
@pytest.mark.parametrize("counter", ["allotted", "spent"])
def test_counters_do_not_move_without_an_entry(month: Budget, counter: str) -> None:
    with refused("moves only with a ledger entry"):
        execute(f"UPDATE budgets_budget SET {counter} = {counter} + %s", Decimal("0.01"))

    month.refresh_from_db()
    assert (month.allotted, month.spent) == (Decimal("120.00"), Decimal("20.00"))


@pytest.mark.postgres
def test_a_month_is_not_opened_without_an_entry(forno: Cast) -> None:
    with refused("moves only with a ledger entry"):
        insert_budget(
            forno.division.pk,
            kind="month",
            employee_id=forno.agent.pk,
            month=NOVEMBER,
            allotted=Decimal("120.00"),
        )


def test_a_month_is_opened_once_per_employee(month: Budget, forno: Cast) -> None:
    with refused("month_opened_once|employee_id"):
        insert_budget(forno.division.pk, kind="month", employee_id=forno.agent.pk, month=NOVEMBER)
    insert_budget(forno.division.pk, kind="month", employee_id=forno.colleague.pk, month=NOVEMBER)


def test_entitlements_are_opened_once_per_division_and_month(forno: Cast) -> None:
    months.open_entitlements(forno.division, month=NOVEMBER)
    with refused("entitlements_once_a_month|division_id"):
        insert_budget(forno.division.pk, kind="entitlements", month=NOVEMBER)


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "month", "month": NOVEMBER},
        {"kind": "month", "employee_id": "the agent"},
        {"kind": "fund", "employee_id": "the agent"},
        {"kind": "fund", "month": NOVEMBER},
        {"kind": "entitlements"},
        {"kind": "entitlements", "month": NOVEMBER, "employee_id": "the agent"},
        {"kind": "entitlements", "month": NOVEMBER, "allotted": Decimal("1.00")},
        {"kind": "entitlements", "month": NOVEMBER, "grace": Decimal("1.00")},
        {"kind": "pocket", "employee_id": "the agent", "month": NOVEMBER},
    ],
    ids=lambda columns: " ".join(map(str, columns.values())),
)
def test_a_budget_has_the_columns_of_its_kind(forno: Cast, columns: dict[str, Any]) -> None:
    named = {k: forno.agent.pk if v == "the agent" else v for k, v in columns.items()}
    with refused("budget_columns_fit_its_kind"):
        insert_budget(forno.division.pk, **named)


def test_a_budget_with_entries_can_not_be_deleted(month: Budget) -> None:
    with refused("never changed or deleted|foreign key|FOREIGN KEY"):
        execute("DELETE FROM budgets_budget WHERE id = %s", month.pk)
        if connection.vendor == "sqlite":
            connection.check_constraints()
    assert Budget.objects.filter(pk=month.pk).exists()
