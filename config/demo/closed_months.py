"""Which months finance has closed: all that are whole, but for the last one, which is theirs to do.

They are closed by the act itself, on the third of the month after, when the demo is complete.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from budgets.days import first_of_next
from config.demo.days import Calendar
from config.demo.found import Founded
from employees.models import Employee
from reports.closing.close import close_month
from reports.closing.order import standing_of


def close_months(companies: Sequence[Founded], calendar: Calendar, *, finance: Employee) -> None:
    """Close each division's months, from its first whole one to the last but one."""
    for company in companies:
        month = first_of_next(calendar.begin.date())
        last = standing_of(company.division, at=calendar.end).next
        while last is not None and month < last:
            close_month(
                company.division,
                month=month,
                acting_employee=finance,
                at=calendar.at(_days_ago(first_of_next(month), calendar), "09:20", finance.zone),
            )
            month = first_of_next(month)


def _days_ago(first: date, calendar: Calendar) -> int:
    """How many days ago the third of a month was, told by its first day."""
    return (calendar.today - first - timedelta(days=2)).days
