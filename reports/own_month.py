"""One person's cases of this month, added up from the raw rows: they are few, and it is now."""

from datetime import datetime

from budgets.days import begin_of
from budgets.months import month_of
from employees.models import Employee
from reports.figures import cases_among
from reports.measures import Cases
from reports.rollups import raw


def month_so_far(employee: Employee, *, at: datetime) -> Cases:
    """Cases that someone opened and that ended since the month began where they work; one query."""
    begin = begin_of(month_of(employee, at), employee.zone)
    rows = raw.case_rows().filter(
        opened_by=employee.pk, division=employee.division_id, ended_at__gte=begin
    )
    return cases_among(rows, today=at.astimezone(employee.zone).date())
