"""The only writer of budgets and ledger entries.

What must stay true (the database holds each of these too, see `models.py` and `guards.py`):

- A budget is never overspent, under any number of simultaneous requests: money is taken by one
  guarded UPDATE, and the entry that says so is written in the same transaction.
- A month is opened once per employee, by whoever comes first; opening never touches what is there.
  Someone who moves to another division in the middle of a month has one in each: no currencies mix.
- Every movement is an entry; entries are never changed.

All amounts are in the division's currency, at cost.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction

from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from employees.models import Division, Employee
from employees.money import MoneyField, format_money, quantize


class BudgetsError(Exception):
    """Something about money was refused."""

    code = "budgets"


class BudgetExhausted(BudgetsError):
    """A budget does not hold what was asked of it, not even with what may be gone over."""

    code = "budget-exhausted"

    def __init__(self, *, asked: Decimal, remaining: Decimal, currency: str) -> None:
        self.asked = asked
        self.remaining = remaining
        self.currency = currency
        super().__init__(
            f"{format_money(asked, currency)} is more than the "
            f"{format_money(max(remaining, Decimal(0)), currency)} that is left this month."
        )


def month_of(employee: Employee, at: datetime) -> date:
    """The first day of the month that it is, at this moment, where the employee works."""
    return at.astimezone(employee.zone).date().replace(day=1)


def month_as_it_stands(employee: Employee, *, at: datetime) -> Budget:
    """The employee's month, or what it would be once opened; writes nothing."""
    return _find_month(employee, at=at) or _fresh_month(employee, at=at)


def open_month(employee: Employee, *, at: datetime, lock: bool = False) -> Budget:
    """The employee's budget of the month, opened with its allotment if nobody has done so yet.

    What is allotted is their tier's monthly budget, or their own; nothing rolls over. With `lock`
    nobody else spends from it before the caller's transaction ends.
    """
    return _find_month(employee, at=at, lock=lock) or _open(_fresh_month(employee, at=at))


def open_entitlements(division: Division, *, month: date, at: datetime | None = None) -> Budget:
    """The budget that the division's entitlements of a month are charged to."""
    budget, _ = Budget.objects.get_or_create(
        kind=BudgetKind.ENTITLEMENTS,
        division=division,
        month=month,
        defaults={} if at is None else {"opened_at": at},
    )
    return budget


def spend(
    budget: Budget,
    *,
    cost: Decimal,
    actor: Employee,
    request_id: UUID,
    at: datetime,
    note: str = "",
) -> LedgerEntry:
    """Take `cost` out of a month or a fund, and write the entry. The caller holds a transaction.

    Raises BudgetExhausted, with nothing changed, when the budget does not hold it.
    """
    if not _take(budget, cost):
        budget.refresh_from_db(fields=["allotted", "spent", "grace"])
        raise BudgetExhausted(asked=cost, remaining=budget.reach, currency=budget.division.currency)
    return LedgerEntry.objects.create(
        budget=budget,
        kind=EntryKind.SPEND,
        amount=-cost,
        balance_after=budget.left,
        request_id=request_id,
        actor=actor,
        note=note,
        at=at,
    )


def charge_entitlement(
    budget: Budget,
    *,
    cost: Decimal,
    actor: Employee,
    request_id: UUID,
    at: datetime,
    note: str = "",
) -> LedgerEntry:
    """Charge what a customer is owed to the division's entitlements: an entry, and no counter."""
    return LedgerEntry.objects.create(
        budget=budget,
        kind=EntryKind.SPEND,
        amount=-cost,
        balance_after=None,
        request_id=request_id,
        actor=actor,
        note=note,
        at=at,
    )


def _take(budget: Budget, cost: Decimal) -> bool:
    """Take the money if it is there, and bring the budget up to date; False with nothing changed.

    The check and the taking are one statement: two agents may want the last 50.00 together.
    """
    money = MoneyField()
    asked = money.get_db_prep_value(cost, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgets_budget SET spent = spent + %s "
            "WHERE id = %s AND spent + %s <= allotted + grace RETURNING allotted, spent",
            [asked, budget.pk, asked],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    budget.allotted, budget.spent = (
        money.to_python(money.from_db_value(value, None, connection)) for value in row
    )
    return True


def _find_month(employee: Employee, *, at: datetime, lock: bool = False) -> Budget | None:
    # Ordered by number: the usual order would join whose it is, and lock them with the budget.
    months = Budget.objects.filter(
        kind=BudgetKind.MONTH,
        employee=employee,
        division=employee.division_id,
        month=month_of(employee, at),
    ).order_by("pk")
    found = (months.select_for_update(no_key=True) if lock else months).first()
    if found is not None and employee.division is not None:
        found.employee, found.division = employee, employee.division  # known: no query for them
    return found


def _fresh_month(employee: Employee, *, at: datetime) -> Budget:
    """The month as it is when nothing has been spent yet, not written."""
    if employee.division is None:
        raise BudgetsError("Someone who belongs to no division has no budget.")
    currency = employee.division.currency
    return Budget(
        kind=BudgetKind.MONTH,
        division=employee.division,
        employee=employee,
        month=month_of(employee, at),
        allotted=quantize(employee.monthly_budget, currency),
        grace=quantize(employee.over_budget, currency),
        opened_at=at,
    )


def _open(fresh: Budget) -> Budget:
    """Write a month with its allotment, or read what someone else wrote at this moment."""
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
            LedgerEntry.objects.create(
                budget=fresh,
                kind=EntryKind.ALLOTMENT,
                amount=fresh.allotted,
                balance_after=fresh.allotted,
                request_id=uuid4(),
                actor=None,
                note=f"{fresh.month:%B %Y}",
                at=fresh.opened_at,
            )
    except IntegrityError:
        # Two first uses of a month at once: the unique key let one of them open it.
        return Budget.objects.get(
            kind=BudgetKind.MONTH,
            employee=fresh.employee_id,
            division=fresh.division_id,
            month=fresh.month,
        )
    return fresh
