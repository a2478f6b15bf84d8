"""Months of the books: each begins and ends at midnight where the team works."""

from collections.abc import Set
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q

from budgets.days import begin_of, first_of_next

UTC_ZONE = "UTC"  # of what belongs to no team
_LAST_OF_ALL = date.max.replace(day=1)  # no month begins after it


def in_months(first: date | None, last: date | None, *, at: str, zone: str, zones: Set[str]) -> Q:
    """What happened from one month to another, both included, in the zone of each row.

    Either may be None: then there is no such end. `at` and `zone` are paths to the moment and to
    the zone's name; `zones` are those there are.
    """
    found = _between(at, first, last, UTC_ZONE) & Q(**{f"{zone}__isnull": True})
    for name in sorted(zones):
        found |= Q(**{zone: name}) & _between(at, first, last, name)
    return found


def _between(at: str, first: date | None, last: date | None, zone: str) -> Q:
    where, bounds = ZoneInfo(zone), Q()
    if first is not None:
        bounds &= Q(**{f"{at}__gte": begin_of(first, where)})
    if last is not None and last != _LAST_OF_ALL:
        bounds &= Q(**{f"{at}__lt": begin_of(first_of_next(last), where)})
    return bounds
