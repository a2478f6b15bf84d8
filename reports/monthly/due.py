"""When a division's report of a month is due: at seven on the next month's first working day.

That is where its reports are read (`Division.time_zone`), and never before the month has ended for
every team of the division. A working day is Monday to Friday.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from budgets.days import begin_of, first_of_next, month_before

AT_SEVEN = time(7)
_SATURDAY = 5


def due_at(month: date, *, read_in: ZoneInfo, worked_in: Collection[ZoneInfo]) -> datetime:
    """The moment from which the month can be told, where reports are read."""
    next_month = first_of_next(month)
    at_seven = datetime.combine(first_working_day(next_month), AT_SEVEN, read_in)
    # As moments: two times of one zone would be compared by what the clock on the wall says.
    ended = (begin_of(next_month, zone) for zone in (read_in, *worked_in))
    return max((at_seven, *ended), key=datetime.timestamp)


def first_working_day(month: date) -> date:
    """The month's first day from Monday to Friday."""
    day = month.replace(day=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def last_due(read_in: ZoneInfo, worked_in: Collection[ZoneInfo], *, at: datetime) -> date:
    """The latest month whose report is due at this moment."""
    month = month_before(at.astimezone(read_in).date())
    while due_at(month, read_in=read_in, worked_in=worked_in) > at:
        month = month_before(month)
    return month
