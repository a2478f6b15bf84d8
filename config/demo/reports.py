"""How it was before Leeway, and the months that were told since, as each was when it was due.

Nobody is owed a mail for them: it would have come long ago.
"""

from typing import Any
from zoneinfo import ZoneInfo

from budgets.days import first_of_next, month_before
from config.demo.days import Calendar
from config.demo.found import FOUNDED, MORNING
from employees.models import Division, Employee, Role, Team
from reports.models import Baseline
from reports.monthly.due import due_at, last_due
from reports.monthly.make import make_report

# Averages of a month, in each division's currency: one asked for approval, and customers waited.
_MONTHS = 6
_BEFORE: dict[str, dict[str, Any]] = {
    "forno": {
        "cost_a_month": "1450.00",
        "cases_a_month": 160,
        "cost_per_case": "9.10",
        "satisfaction": "3.40",
        "first_contact_percent": "71.00",
        "handed_over_percent": "38.00",
        "minutes_to_resolution": 410,
    },
    "orchard": {
        "cost_a_month": "1620.00",
        "cases_a_month": 175,
        "satisfaction": "3.60",
        "first_contact_percent": "68.50",
        "handed_over_percent": "42.00",
    },
    "scm": {
        "cost_a_month": "6900.00",
        "cases_a_month": 210,
        "cost_per_case": "32.80",
        "satisfaction": "3.10",
        "first_contact_percent": "64.00",
        "handed_over_percent": "55.00",
        "minutes_to_resolution": 1380,
    },
}


def tell_months(calendar: Calendar) -> None:
    """Enter each division's baseline, and tell its months from the first whole one to the last."""
    zones = Team.objects.zones_by_division()
    for division in Division.objects.order_by("pk"):
        _enter_baseline(division, calendar)
        read_in, worked_in = ZoneInfo(division.time_zone), zones[division.pk]
        month = first_of_next(calendar.begin.date())
        last = last_due(read_in, worked_in, at=calendar.end)
        while month <= last:
            at = due_at(month, read_in=read_in, worked_in=worked_in)
            make_report(division, month, at=at, by_mail=False)
            month = first_of_next(month)


def _enter_baseline(division: Division, calendar: Calendar) -> None:
    """Of the six months before the division had Leeway, entered by its manager that morning."""
    manager = Employee.objects.filter(division=division, role=Role.MANAGER).order_by("pk")[0]
    entered = calendar.at(FOUNDED, MORNING, manager.zone)
    first = last = month_before(entered.date())
    for _ in range(_MONTHS - 1):
        first = month_before(first)
    baseline: Any = Baseline(
        division=division,
        period=f"{first:%B %Y} to {last:%B %Y}",
        months=_MONTHS,
        **_BEFORE[division.code],
    )
    baseline._history_user = manager
    baseline._history_date = entered
    baseline.save()
