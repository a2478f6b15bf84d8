"""What the check finds, for tests that corrupt the ledger with the guards down."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from budgets import ledger, months, top_ups
from budgets.check import Problem, problems
from budgets.models import Budget, LedgerEntry
from tests.cast import Cast
from tests.raw_sql import check_now, execute, guards_down

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
_TEXTS = ("kind", "note", "request_id")


def money_problems() -> list[Problem]:
    """What is wrong, besides the guards that a test took down."""
    return [p for p in problems() if not p.row.startswith(("trigger", "constraint"))]


def found() -> list[tuple[str, str]]:
    """Row and rule of all that is wrong with the money."""
    return [(problem.row, problem.rule) for problem in money_problems()]


def change(row: Budget | LedgerEntry, *constraints: str, **columns: Any) -> None:
    """Change a row past every trigger, every check and the named constraints of its table.

    `amount="-4.99"`: texts are amounts of money, but in the columns of texts.
    """
    table = row._meta.db_table
    values = {
        name: Decimal(value) if isinstance(value, str) and name not in _TEXTS else value
        for name, value in columns.items()
    }
    with guards_down(table, *constraints):
        places = ", ".join(f"{name} = %s" for name in values)
        execute(f"UPDATE {table} SET {places} WHERE id = %s", *values.values(), row.pk)


def add_entry(budget: Budget, kind: str, amount: str, **columns: Any) -> LedgerEntry:
    """Write an entry past every trigger; it says nothing of the balance, unless told."""
    with guards_down("budgets_ledgerentry"):
        return LedgerEntry.objects.create(
            budget=budget, kind=kind, amount=Decimal(amount), at=NOW, **columns
        )


def drop(constraint: str, table: str) -> None:
    """Take a constraint away; a unique one that has a condition is an index."""
    check_now()
    with connection.cursor() as cursor:
        standing = connection.introspection.get_constraints(cursor, table)
    if standing[constraint]["index"]:
        execute(f"DROP INDEX {constraint}")
    elif connection.vendor == "postgresql":
        execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    else:
        _drop_check_on_sqlite(constraint, table)


def _drop_check_on_sqlite(constraint: str, table: str) -> None:
    """SQLite can't drop a check: the table's own text is edited, until the test rolls it back."""
    execute("PRAGMA writable_schema = ON")
    renamed = f"replace(sql, '{constraint}', 'another_name')"
    execute(f"UPDATE sqlite_master SET sql = {renamed} WHERE name = '{table}'")
    execute("PRAGMA writable_schema = OFF")


def spend(budget: Budget, cost: str) -> LedgerEntry:
    """Spend as the acts do."""
    assert budget.employee is not None
    with transaction.atomic():
        return ledger.spend(
            budget, cost=Decimal(cost), actor=budget.employee, request_id=uuid4(), at=NOW
        )


def lend(lender: Budget, amount: str, towards: LedgerEntry) -> LedgerEntry:
    """Lend as the acts do, by whoever's month it is."""
    assert lender.employee is not None
    with transaction.atomic():
        return ledger.lend(
            lender,
            amount=Decimal(amount),
            towards=towards,
            actor=lender.employee,
            request_id=uuid4(),
            at=NOW,
        )


def give_back(entry: LedgerEntry, forno: Cast) -> list[LedgerEntry]:
    """Give back as the acts do."""
    return ledger.give_back(
        entry, actor=forno.lead, reason="Never came.", request_id=uuid4(), at=NOW
    )


def top_up(budget: Budget, amount: str, forno: Cast) -> LedgerEntry:
    """Top up as the acts do."""
    return top_ups.top_up(
        budget,
        amount=Decimal(amount),
        actor=forno.manager,
        reason="A storm.",
        request_id=uuid4(),
        at=NOW,
    )


def month_of(forno: Cast, name: str = "forno.driver1") -> Budget:
    """Someone's open month of November 2026."""
    return months.open_month(forno.people[name], at=NOW)
