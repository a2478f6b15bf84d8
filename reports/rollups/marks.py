"""How far the raw rows were followed, told by which transaction wrote them.

See `employees/transactions.py`. What must stay true: whatever is written from now on, or was
written and is not there to see yet, has a number from its table's mark on. On PostgreSQL that is
the lowest transaction that may still be writing, the same for all tables; on SQLite, where one
writes at a time, the number after each table's last.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from budgets.models import LedgerEntry
from reports.exports.table import Marks
from resolutions.models import AuthorityGap, Case, FollowUp, SurveyResponse

# What was given, concluded or told on a case is written together with the case itself.
SOURCES = {
    "entries": Marks(LedgerEntry, on_sqlite="id"),
    "cases": Marks(Case),
    "gaps": Marks(AuthorityGap),
    "follow_ups": Marks(FollowUp),
    "responses": Marks(SurveyResponse),
}
_ON_POSTGRES = """\
SELECT system_identifier, pg_snapshot_xmin(now)::text::bigint,
       GREATEST(pg_snapshot_xmax(now)::text::bigint, pg_current_xact_id()::text::bigint + 1)
FROM pg_current_snapshot() now, pg_control_system()
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is there to see: of which database, the marks as of now, and after the last number.

    Rows at or after `ends` are from another server, where their numbers were in use already.
    """

    database: str
    marks: Mapping[str, int]
    ends: Mapping[str, int]


def moment_now() -> Moment:
    """The moment that the transaction sees now; what is read after it sees as much, or more."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ON_POSTGRES)
            database, settled, end = cursor.fetchone()
            return Moment(
                str(database), dict.fromkeys(SOURCES, settled), dict.fromkeys(SOURCES, end)
            )
        cursor.execute(
            f"SELECT {', '.join(_after_the_last(source) for source in SOURCES.values())}"
        )
        ends = dict(zip(SOURCES, cursor.fetchone(), strict=True))
        # Answers may be thrown away: they are numbered together with their mails, which stay.
        ends["responses"] = max(ends["responses"], ends["follow_ups"])
        return Moment("sqlite", ends, ends)


def written(source: str, since: Mapping[str, int], moment: Moment) -> Q:
    """Which rows of a source were written from its mark on."""
    return SOURCES[source].between(since[source], moment.ends[source], connection)


def _after_the_last(source: Marks) -> str:
    table = source.model._meta.db_table
    return f"(SELECT COALESCE(MAX({source.column(connection)}), 0) + 1 FROM {table})"
