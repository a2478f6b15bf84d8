"""A month in which everything happened that can: for the statement, and for the API."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction

from budgets import ledger, months, top_ups
from budgets.models import Budget, LedgerEntry
from employees.models import Employee
from tests.cast import Cast

REASON = "Storm week"


def day(number: int, *, month: int = 11) -> datetime:
    """Noon in New York, on a day of November 2026."""
    return datetime(2026, month, number, 17, tzinfo=UTC)


def spend(person: Employee, cost: str, at: datetime, note: str = "Voucher") -> LedgerEntry:
    """Spend as the acts do, of the month that it is."""
    with transaction.atomic():
        return ledger.spend(
            months.open_month(person, at=at, lock=True),
            cost=Decimal(cost),
            actor=person,
            request_id=uuid4(),
            at=at,
            note=note,
        )


def lend(lender: Employee, amount: str, towards: LedgerEntry, at: datetime) -> LedgerEntry:
    """Lend as the acts do."""
    with transaction.atomic():
        return ledger.lend(
            months.open_month(lender, at=at, lock=True),
            amount=Decimal(amount),
            towards=towards,
            actor=lender,
            request_id=uuid4(),
            at=at,
        )


def give_back(entry: LedgerEntry, by: Employee, at: datetime, reason: str = "Never came") -> None:
    """Give back as the acts do."""
    ledger.give_back(entry, actor=by, reason=reason, request_id=uuid4(), at=at)


def top_up(
    budget: Budget, amount: str, by: Employee, at: datetime, reason: str = REASON
) -> LedgerEntry:
    """Top up as the acts do."""
    return top_ups.top_up(
        budget, amount=Decimal(amount), actor=by, reason=reason, request_id=uuid4(), at=at
    )


@dataclass(frozen=True)
class Everything:
    """The month of a driver, and what moved in it."""

    budget: Budget
    spent: LedgerEntry
    given_back: LedgerEntry
    topped_up: LedgerEntry
    lent: LedgerEntry


def everything_happens(forno: Cast) -> Everything:
    """120.00 allotted, 30.00 topped up, 45.00 and 9.00 used, 12.00 lent, the 9.00 given back.

    93.00 is left of 150.00.
    """
    agent, colleague = forno.agent, forno.colleague
    budget = months.open_month(agent, at=day(1))
    spent = spend(agent, "45.00", day(2), "Free pizza")
    lost = spend(agent, "9.00", day(3))
    topped_up = top_up(budget, "30.00", forno.manager, day(4))
    lent = lend(agent, "12.00", spend(colleague, "8.00", day(5), "Expedited reorder"), day(5))
    give_back(lost, forno.lead, day(6))
    given_back = budget.entries.get(kind="give-back")
    budget.refresh_from_db()
    return Everything(budget, spent, given_back, topped_up, lent)
