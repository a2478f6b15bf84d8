"""Which month of a division comes next, and when it is over.

What must stay true: months are closed one after the other, each once, and only when it is over for
every team of the division.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from budgets.days import first_of_next
from budgets.models import EntryKind, LedgerEntry
from budgets.months import month_in
from employees.models import Division, Team
from reports.errors import EarlierMonthOpen, MonthClosedAlready, MonthStillRuns, MonthTooEarly
from reports.models import PeriodClose

COSTS = (EntryKind.SPEND, EntryKind.LENT, EntryKind.GIVE_BACK)  # what costs money, or returns it


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a division's months are closed.

    `first` is the first month that was closed, or where nothing was closed yet the first in which
    something was given; None where nothing was. `last` is the latest closed one. `running` is the
    month that it still is somewhere, in `zone`.
    """

    first: date | None
    last: date | None
    running: date
    zone: ZoneInfo

    @property
    def next(self) -> date | None:
        """The month to close next: after the last one, or at first the latest that is over."""
        if self.last is not None:
            return first_of_next(self.last)
        if self.first is None:
            return None
        return max(self.first, _month_before(self.running))

    @property
    def begins(self) -> date | None:
        """The first month that a close of the next one looks back to; before it nothing counts."""
        return self.next if self.last is None else self.first

    @property
    def is_over(self) -> bool:
        """Whether the next one is over, so that it can be closed."""
        return self.next is not None and self.next < self.running

    @property
    def could_begin_with(self) -> list[date]:
        """The months that a division which never closed one may begin with, the latest first."""
        if self.last is not None or self.first is None:
            return []
        months, month = [], self.first
        while month < self.running:
            months.append(month)
            month = first_of_next(month)
        return months[::-1]


def standing_of(division: Division, *, at: datetime) -> Standing:
    """How far the division's months are closed at this moment."""
    closed = PeriodClose.objects.filter(division=division).aggregate(Min("month"), Max("month"))
    first, last = closed["month__min"], closed["month__max"]
    zones = zones_of(division)
    if first is None:
        costs = LedgerEntry.objects.filter(budget__division=division, kind__in=COSTS)
        began = costs.aggregate(Min("at"))["at__min"]
        first = began and min(month_in(zone, began) for zone in zones)
    zone = min(zones, key=lambda zone: at.astimezone(zone).replace(tzinfo=UTC))
    return Standing(first, last, running=month_in(zone, at), zone=zone)


def zones_of(division: Division) -> list[ZoneInfo]:
    """The time zones that the division works in; UTC where it has no team."""
    names = Team.objects.filter(division=division).order_by("time_zone")
    names_once = names.values_list("time_zone", flat=True).distinct()
    return [ZoneInfo(name) for name in names_once] or [ZoneInfo("UTC")]


def all_zones() -> list[ZoneInfo]:
    """Every time zone that anyone works in, and UTC."""
    names = Team.objects.values_list("time_zone", flat=True).order_by().distinct()
    return [ZoneInfo(name) for name in sorted({"UTC", *names})]


def refuse_unless_next(division: Division, month: date, *, at: datetime) -> date:
    """Return the first month that the division closed, or closes now.

    Raises MonthClosedAlready, MonthTooEarly, MonthStillRuns and EarlierMonthOpen.
    """
    closed = PeriodClose.objects.select_related("closed_by")
    if same := closed.filter(division=division, month=month).first():
        raise MonthClosedAlready(
            close=same.pk, month=month, by=same.closed_by.called, at=same.closed_at
        )
    standing = standing_of(division, at=at)
    if standing.first is None or month < standing.first:
        raise MonthTooEarly(begins=standing.first, closed=standing.last is not None)
    if month >= standing.running:
        runs = month == standing.running
        raise MonthStillRuns(
            month=month,
            over_on=first_of_next(month) if runs else None,
            zone=str(standing.zone),
        )
    if standing.last is not None and month != first_of_next(standing.last):
        raise EarlierMonthOpen(month=first_of_next(standing.last))
    return month if standing.last is None else standing.first


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
