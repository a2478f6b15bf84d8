"""Months: a budget is a promise that is full again on the first, at midnight where one works.

A job opens everyone's month soon after midnight of their time zone (`open_many.py`); whoever gives
something before it came opens their own. Both ways end with the same row and the same entry, once.
What must stay true: a month is opened once per employee, and opening never touches what is there.

What happens to

- whoever is new: their month is opened whole by the next run, or by their first use, whatever the
  day; a promise is not reckoned by days. Without a tier there is no promise and no month.
- whoever gets another tier, or a tier that gets another budget: the limit per case counts at once,
  the month stays as it was opened, and the next one opens with what is true then; or at once, by
  `new_budgets.py`. A promise is never made smaller within its month.
- whoever changes team: the month stays. In another time zone it may be the month before for some
  hours, or the next one already: then that month counts there, as it was left or opened.
- a team that gets another time zone: the same, for everyone in it.
- whoever moves to another division: they have a month in each, as no currencies mix.
- whoever leaves: nothing is opened any more; their month stays as it is, to be read. Whoever comes
  back in the same month finds it as they left it.

Nothing rolls over: the month before stays as it is, for ever.
"""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from budgets.errors import BudgetsError
from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from employees.models import Division, Employee
from employees.money import quantize


def month_in(zone: ZoneInfo, at: datetime) -> date:
    """The first day of the month that it is, at this moment, in a time zone."""
    return at.astimezone(zone).date().replace(day=1)


def month_of(employee: Employee, at: datetime) -> date:
    """The first day of the month that it is, at this moment, where the employee works."""
    return month_in(employee.zone, at)


def month_as_it_stands(employee: Employee, *, at: datetime) -> Budget:
    """The employee's month, or what it would be once opened; writes nothing."""
    return _find_month(employee, at=at) or fresh_month(employee, at=at)


def fresh_month(employee: Employee, *, at: datetime) -> Budget:
    """The month as it is when nothing has been spent yet, not written."""
    if employee.division is None:
        raise BudgetsError("Someone who belongs to no division has no budget.")
    currency = employee.division.currency
    allotted = quantize(employee.monthly_budget, currency)
    return Budget(
        kind=BudgetKind.MONTH,
        division=employee.division,
        employee=employee,
        month=month_of(employee, at),
        base=allotted,
        allotted=allotted,
        grace=quantize(employee.over_budget, currency),
        opened_at=at,
    )


def open_month(employee: Employee, *, at: datetime, lock: bool = False) -> Budget:
    """The employee's budget of the month, opened with its allotment if nobody has done so yet.

    What is allotted is their tier's monthly budget, or their own. With `lock` nobody else spends
    from it before the caller's transaction ends.
    """
    found = _find_month(employee, at=at, lock=lock)
    if found is not None:
        return found
    try:
        return _open(fresh_month(employee, at=at))
    except IntegrityError:
        # Two first uses of a month at once: the unique key let the other one open it.
        found = _find_month(employee, at=at, lock=lock)
        if found is None:
            raise
        return found


def open_entitlements(division: Division, *, month: date, at: datetime | None = None) -> Budget:
    """The budget that the division's entitlements of a month are charged to."""
    budget, _ = Budget.objects.get_or_create(
        kind=BudgetKind.ENTITLEMENTS,
        division=division,
        month=month,
        defaults={} if at is None else {"opened_at": at},
    )
    return budget


def allotment_note(month: date) -> str:
    """What an allotment says of itself: "November 2026"."""
    return f"{month:%B %Y}"


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


@transaction.atomic
def _open(fresh: Budget) -> Budget:
    """Write a month with its allotment. Raises IntegrityError when someone else did meanwhile."""
    fresh.save(force_insert=True)
    LedgerEntry.objects.create(
        budget=fresh,
        kind=EntryKind.ALLOTMENT,
        amount=fresh.allotted,
        balance_after=fresh.allotted,
        request_id=uuid4(),
        actor=None,
        note=allotment_note(fresh.month) if fresh.month else "",
        at=fresh.opened_at,
    )
    return fresh
