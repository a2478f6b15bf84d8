"""Which month of a division comes next, and when it is over.

What must stay true: months are closed one after the other, each once, and only when it is over for
every team of the division.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from budgets.days import first_of_next, month_before
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
    month that it still is somewhere, in `zone`, where it ends last.
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
        return max(self.first, month_before(self.running))

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
    return standings_of([division], at=at)[division.pk]


def standings_of(divisions: Collection[Division], *, at: datetime) -> dict[int, Standing]:
    """How far the months of each division are closed, by its number; in three queries at most."""
    closed = PeriodClose.objects.filter(division__in=divisions).order_by().values("division")
    spans = {
        row["division"]: (row["first"], row["last"])
        for row in closed.annotate(first=Min("month"), last=Max("month"))
    }
    zones = Team.objects.filter(division__in=divisions).zones_by_division()
    began = _began([division for division in divisions if division.pk not in spans])
    return {
        division.pk: _standing(
            zones.get(division.pk) or [ZoneInfo("UTC")],
            spans.get(division.pk),
            began=began.get(division.pk),
            at=at,
        )
        for division in divisions
    }


def _began(divisions: Collection[Division]) -> dict[int, datetime]:
    """When something was given first in each of these divisions."""
    if not divisions:
        return {}
    costs = LedgerEntry.objects.filter(budget__division__in=divisions, kind__in=COSTS)
    first = costs.order_by().values("budget__division").annotate(first=Min("at"))
    return {row["budget__division"]: row["first"] for row in first}


def _standing(
    zones: Sequence[ZoneInfo],
    span: tuple[date, date] | None,
    *,
    began: datetime | None,
    at: datetime,
) -> Standing:
    latest = min(zones, key=lambda zone: at.astimezone(zone).replace(tzinfo=UTC))
    first, last = span or (began and min(month_in(zone, began) for zone in zones), None)
    return Standing(first, last, running=month_in(latest, at), zone=latest)


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
