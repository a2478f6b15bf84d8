"""Months by their days: the first and the last one, and the moment a month begins somewhere."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LONGER_THAN_A_MONTH = timedelta(days=32)


def first_of_next(month: date) -> date:
    """The first day of the month after this one: when the budget is full again."""
    return (month.replace(day=1) + _LONGER_THAN_A_MONTH).replace(day=1)


def last_of(month: date) -> date:
    """The last day of the month: until when its budget can be used."""
    return first_of_next(month) - timedelta(days=1)


def begin_of(month: date, zone: ZoneInfo) -> datetime:
    """The moment a month begins where someone works: midnight there."""
    return datetime.combine(month, time.min, zone)
