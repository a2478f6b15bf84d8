"""Days, each where the team works: in a query, and as moments that an index finds.

The day of a row is that of its own zone, so that one UTC day is parts of three days somewhere.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from budgets.days import begin_of_day
from reports.months import UTC_ZONE

ONE = timedelta(days=1)


class DayIn(Func):
    """The day of a moment (a path) in the zone that is named in each row; in UTC without one."""

    output_field = models.DateField()

    def __init__(self, at: Any, zone: Any, **more: Any) -> None:
        named = Coalesce(zone, Value(UTC_ZONE), output_field=models.TextField())
        super().__init__(at, named, **more)

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> Any:
        """As PostgreSQL says it."""
        return super().as_sql(
            compiler,
            connection,
            template="CAST(%(expressions)s AS date)",
            arg_joiner=" AT TIME ZONE ",
        )

    def as_sqlite(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> Any:
        """As Django's own function for SQLite does, which takes a zone and that of the column."""
        return super().as_sql(
            compiler,
            connection,
            template=f"django_datetime_cast_date(%(expressions)s, '{UTC_ZONE}')",
        )


@dataclass(frozen=True, slots=True)
class Days:
    """Days, the first and the last included: of all divisions and teams, unless some are named."""

    first: date
    last: date
    divisions: frozenset[int] | None = None
    teams: frozenset[int | None] | None = None

    def of_rows(self) -> Q:
        """Which rows they hold: rows with `day`, `division` and `team`."""
        held = Q(day__range=(self.first, self.last))
        if self.divisions is not None:
            held &= Q(division__in=self.divisions)
        if self.teams is not None:
            teams = Q(team__in=self.teams - {None})
            if None in self.teams:
                teams |= Q(team__isnull=True)
            held &= teams
        return held

    def moments(self, at: str, zones: Set[str]) -> Q:
        """Between which moments all of them are, wherever they are: `at` is the path to one."""
        bounds = [_bounds(self.first, self.last, ZoneInfo(zone)) for zone in {*zones, UTC_ZONE}]
        begin, end = min(begin for begin, _ in bounds), max(end for _, end in bounds)
        return Q(**{f"{at}__gte": begin, f"{at}__lt": end})

    def each(self) -> list[date]:
        """Each of these days."""
        return [self.first + ONE * number for number in range((self.last - self.first).days + 1)]


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in order, as runs without a gap: the first and the last of each."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] == day - ONE:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return begin_of_day(first, zone), begin_of_day(last + ONE, zone)
