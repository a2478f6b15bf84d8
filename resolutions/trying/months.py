"""What is left of people's months, and what a fund paid for: read for a trial's result."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from itertools import islice

from budgets.models import Budget, BudgetKind
from employees.models import Division
from resolutions.models import Resolution
from resolutions.trying.totals import MonthOf

_AT_ONCE = 500


def reach_of(division: Division, months: Collection[MonthOf]) -> dict[MonthOf, Decimal]:
    """What is left of these months, with what may be gone over; of those that were opened."""
    found: dict[MonthOf, Decimal] = {}
    wanted = iter(sorted(months))
    while some := list(islice(wanted, _AT_ONCE)):
        rows = Budget.objects.filter(
            division=division,
            kind=BudgetKind.MONTH,
            employee__in={who for who, _ in some},
            month__in={month for _, month in some},
        )
        for who, month, allotted, grace, spent in rows.values_list(
            "employee_id", "month", "allotted", "grace", "spent"
        ):
            if who and month:
                found[who, month] = allotted + grace - spent
    return {month: found[month] for month in months if month in found}


def paid_by_a_fund(resolutions: Iterable[int]) -> set[int]:
    """Of these resolutions, those that an incident's fund paid for."""
    numbers = list(resolutions)
    if not numbers:
        return set()
    of_funds = Resolution.objects.filter(pk__in=numbers, entry__budget__kind=BudgetKind.FUND)
    return set(of_funds.order_by().values_list("pk", flat=True))
