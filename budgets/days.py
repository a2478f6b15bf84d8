"""Months by their days: the first and the last one, and the moment one begins somewhere."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MONTH = re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])")
_LONGER_THAN_A_MONTH = timedelta(days=32)


def read_month(text: str) -> date:
    """The first day of a month written as 2026-11. Raises ValueError, saying what to write."""
    if not _MONTH.fullmatch(text):
        raise ValueError("Write a year and a month, such as 2026-11.")
    return date.fromisoformat(f"{text}-01")


def first_of_next(month: date) -> date:
    """The first day of the month after this one: when the budget is full again."""
    return (month.replace(day=1) + _LONGER_THAN_A_MONTH).replace(day=1)


def month_before(day: date, *, months: int = 1) -> date:
    """The first day of the month before the one that this day is in, or of one so many before."""
    years, index = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, index + 1, 1)


def last_of(month: date) -> date:
    """The last day of the month: until when its budget can be used."""
    return first_of_next(month) - timedelta(days=1)


def begin_of(month: date, zone: ZoneInfo) -> datetime:
    """The moment a month begins where someone works: midnight there."""
    return begin_of_day(month, zone)


def begin_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment a day begins somewhere: midnight there."""
    return datetime.combine(day, time.min, zone)
