"""`check_ledger` finds every kind of corruption by its row; the guards are down to make it."""

import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from budgets import ledger, months
from budgets.check import Problem, problems
from budgets.models import Budget, BudgetKind, LedgerEntry
from budgets.tasks import check_ledger
from tests.cast import Cast
from tests.raw_sql import check_now, execute, guards_down

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
FIVE = Decimal("5.00")


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00 in which 5.00 was spent three times."""
    budget = months.open_month(forno.agent, at=NOW)
    for _ in range(3):
        ledger.spend(budget, cost=FIVE, actor=forno.agent, request_id=uuid4(), at=NOW)
    return budget


def money_problems() -> list[Problem]:
    """What is wrong, besides the guards that this test took down."""
    return [problem for problem in problems() if not problem.row.startswith("trigger")]


def entries(budget: Budget) -> list[LedgerEntry]:
    return list(budget.entries.order_by("id"))


def test_a_ledger_that_adds_up_has_no_problems(month: Budget, forno: Cast) -> None:
    Budget.objects.create(kind=BudgetKind.FUND, division=forno.division, name="Storm")
    owed = months.open_entitlements(forno.division, month=date(2026, 11, 1))
    ledger.charge_entitlement(owed, cost=FIVE, actor=forno.agent, request_id=uuid4(), at=NOW)

    assert list(problems()) == []


def test_an_overspent_budget_is_found(month: Budget) -> None:
    with guards_down("budgets_budget", "budget_never_overspent"):
        execute("UPDATE budgets_budget SET spent = %s WHERE id = %s", Decimal("120.01"), month.pk)

    assert (
        Problem(f"budget {month.pk}", "120.0100 is spent of 120.0000 and 0.0000 of grace.")
        in money_problems()
    )


def test_a_counter_moved_without_an_entry_is_found(month: Budget) -> None:
    with guards_down("budgets_budget"):
        execute("UPDATE budgets_budget SET spent = %s WHERE id = %s", Decimal("14.99"), month.pk)

    assert money_problems() == [
        Problem(f"budget {month.pk}", "105.0100 is left by its counters, 105.0000 by its entries.")
    ]


def test_an_entry_whose_amount_was_changed_is_found(month: Budget) -> None:
    changed, later = entries(month)[2:]
    with guards_down("budgets_ledgerentry"):
        execute(
            "UPDATE budgets_ledgerentry SET amount = %s WHERE id = %s", Decimal("-4.99"), changed.pk
        )

    assert [problem.row for problem in money_problems()] == [
        f"budget {month.pk}",
        f"entry {changed.pk}",
        f"entry {later.pk}",
    ]


def test_an_entry_that_was_deleted_is_found(month: Budget) -> None:
    deleted, later = entries(month)[2:]
    with guards_down("budgets_ledgerentry"):
        execute("DELETE FROM budgets_ledgerentry WHERE id = %s", deleted.pk)

    assert money_problems() == [
        Problem(f"budget {month.pk}", "105.0000 is left by its counters, 110.0000 by its entries."),
        Problem(f"entry {later.pk}", "Says 105.0000 is left; its entries come to something else."),
    ]


def test_an_entry_that_says_the_wrong_balance_is_found(month: Budget) -> None:
    wrong = entries(month)[1]
    with guards_down("budgets_ledgerentry"):
        execute(
            "UPDATE budgets_ledgerentry SET balance_after = %s WHERE id = %s",
            Decimal("115.01"),
            wrong.pk,
        )

    assert money_problems() == [
        Problem(f"entry {wrong.pk}", "Says 115.0100 is left; its entries come to something else.")
    ]


def test_an_entry_without_a_balance_is_found(month: Budget) -> None:
    wrong = entries(month)[3]
    with guards_down("budgets_ledgerentry"):
        execute("UPDATE budgets_ledgerentry SET balance_after = NULL WHERE id = %s", wrong.pk)

    assert [problem.row for problem in money_problems()] == [f"entry {wrong.pk}"]


def test_a_month_opened_without_its_allotment_is_found(month: Budget, forno: Cast) -> None:
    with guards_down("budgets_budget"):
        bare = Budget.objects.create(
            kind=BudgetKind.MONTH,
            division=forno.division,
            employee=forno.agent,
            month=date(2026, 12, 1),
        )

    assert money_problems() == [
        Problem(f"budget {bare.pk}", "A month was opened without an allotment entry.")
    ]


def test_a_guard_that_is_missing_is_found(month: Budget) -> None:
    check_now()
    table = " ON budgets_ledgerentry" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER leeway_budgets_ledgerentry_update{table}")

    assert list(problems()) == [
        Problem(
            "trigger budgets_ledgerentry_update",
            "The database no longer keeps this rule: run migrate.",
        )
    ]


def test_the_command_names_each_row_and_fails(month: Budget) -> None:
    out, err = StringIO(), StringIO()
    call_command("check_ledger", stdout=out, stderr=err)
    assert out.getvalue() == "The ledger adds up: 4 entries.\n"

    wrong = entries(month)[1]
    with guards_down("budgets_ledgerentry"):
        execute("UPDATE budgets_ledgerentry SET balance_after = NULL WHERE id = %s", wrong.pk)
    with pytest.raises(CommandError, match="The ledger does not add up") as failure:
        call_command("check_ledger", stdout=out, stderr=err)

    assert failure.value.returncode == 1
    assert f"entry {wrong.pk}: Says None is left" in err.getvalue()


def test_the_nightly_check_says_loudly_what_is_wrong(
    month: Budget, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    check_ledger()
    assert "Ledger checked: it adds up." in caplog.text
    caplog.clear()

    with guards_down("budgets_ledgerentry"):
        execute("DELETE FROM budgets_ledgerentry WHERE id = %s", entries(month)[3].pk)
    check_ledger()

    assert f"budget {month.pk}: 105.0000 is left by its counters" in caplog.text
    assert "ERROR" in caplog.text
