"""How each rollup is counted from its raw rows, in one SELECT that says so once.

Recounting, proving and measuring read the same SELECT. What must stay true: a case is in one row
without a remedy and in one more for each remedy that was given in it and stands.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from reports.models import Daily, DailyCases, DailyCosts, DailyGaps
from reports.rollups import raw
from reports.rollups.days import Days
from resolutions.models import Resolution

# Each case once, and once more for each remedy: those given back are in no sum.
_WITH_REMEDIES = """\
WITH ended(case_id, {own}) AS ({rows}),
given AS (
    SELECT DISTINCT ended.*, r.remedy_id
    FROM ended JOIN ({standing}) r ON r.case_id = ended.case_id
),
found AS (
    SELECT {own}, CAST(NULL AS bigint) AS remedy_id FROM ended
    UNION ALL SELECT {own}, remedy_id FROM given
)
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its parameters."""

    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True)
class Counting:
    """One of the rollups: its table, its raw rows, and the path to the moment that says the day."""

    model: type[Daily]
    rows: Callable[[], QuerySet[Any]]
    at: str
    own: tuple[str, ...] = ()  # what else than a `Daily` it is counted under

    @cached_property
    def named(self) -> dict[str, str]:
        """Its columns by the names that the raw rows have for them: first the keys."""
        fields = [field for field in self.model._meta.fields if not field.primary_key]
        return {field.name: field.attname for field in fields}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns that it is counted under."""
        keys = (*(field.name for field in Daily._meta.fields), *self.own)
        return tuple(self.named[key] for key in keys)

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """The columns that are added up."""
        return tuple(column for column in self.named.values() if column not in self.keys)

    def found_in(self, days: Days, zones: Set[str]) -> Statement:
        """`WITH … found` that has the raw rows of these days: all keys and counters."""
        rows = self.rows().filter(days.moments(self.at, zones), days.of_rows())
        return self.found(rows)

    def found(self, rows: QuerySet[Any]) -> Statement:
        """`WITH … found` that has these raw rows."""
        if self.model is DailyCases:
            return self._found_with_remedies(rows)
        sql, params = rows.values_list(*self.named).query.sql_with_params()
        return Statement(f"WITH found({', '.join(self.named.values())}) AS ({sql})\n", params)

    def _found_with_remedies(self, rows: QuerySet[Any]) -> Statement:
        own = {name: column for name, column in self.named.items() if name != "remedy"}
        standing = Resolution.objects.standing().order_by().values("case_id", "remedy_id")
        sql, params = rows.values_list("pk", *own).query.sql_with_params()
        of_standing, standing_params = standing.query.sql_with_params()
        columns = ", ".join(own.values())
        return Statement(
            _WITH_REMEDIES.format(own=columns, rows=sql, standing=of_standing),
            (*params, *standing_params),
        )


COSTS = Counting(DailyCosts, raw.cost_rows, "at")
CASES = Counting(DailyCases, raw.case_rows, "ended_at")
GAPS = Counting(DailyGaps, raw.gap_rows, "at", own=("policy", "bound"))
ALL = (COSTS, CASES, GAPS)
