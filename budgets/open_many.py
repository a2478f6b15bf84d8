"""Opening the month for everyone whose local date is in a new one: what the job does.

Set-based: for so many people at a time, of whichever divisions and time zones, one INSERT … SELECT
of budgets with their allotment entries, in a transaction of its own. What must stay true:

- The same rows come out as if each had opened their month by first use (`months.py`).
- Run again, late, twice at once or killed at any moment, each month is opened once.
- A run holds nobody up for longer than one chunk takes. Where it would have to wait for someone
  itself, it gives way, goes on with the others and comes back.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, connection, transaction

from budgets.models import Budget, LedgerEntry
from budgets.places import as_table, places_at

log = logging.getLogger(__name__)

# Who gives something while their chunk is being opened waits for it. It begins with so many people
# and grows by as many, up to what takes so many seconds here and now: each costs something besides
# its rows, but on a slow or busy machine a large one would hold them up.
CHUNK = 100
LASTS = 0.035

# What is not open after the first round (someone held it, or the database refused it) is tried
# again after a pause, in seconds.
ROUNDS = 3
PAUSE = 1.0

# Milliseconds until a chunk gives way to whoever is just opening one of its months: everyone else
# in the chunk would wait with it, for a request that hangs as long as that one does.
GIVES_WAY_AFTER = 50

_WHO = """
FROM employees_employee e
JOIN employees_team t ON t.id = e.team_id
JOIN employees_authoritytier a ON a.id = e.tier_id
JOIN places p ON p.division_id = e.division_id AND p.zone = t.time_zone
WHERE e.is_active
"""
# The last of every so many people. Whether someone has the month already is looked up for each in
# the unique index. As NOT EXISTS it would be a join, and a new month, which statistics do not
# know, be read whole.
_ENDS = f"""
SELECT id FROM (
    SELECT e.id, ROW_NUMBER() OVER (ORDER BY e.id) AS place, LEAD(e.id) OVER (ORDER BY e.id) AS next
    {_WHO} AND (
        SELECT b.id FROM budgets_budget b
        WHERE b.employee_id = e.id AND b.division_id = e.division_id
        AND b.month = p.month AND b.kind = 'month'
    ) IS NULL
) missing WHERE place %% %(chunk)s = 0 OR next IS NULL ORDER BY id
"""  # noqa: S608  (put together from constants)
_OPEN = f"""\
INSERT INTO budgets_budget (kind, division_id, employee_id, month, name, base, allotted, spent,
                            grace, opened_at)
{{places}}
SELECT 'month', e.division_id, e.id, p.month, '', {{base}}, {{base}}, 0, {{grace}}, %(at)s
{_WHO} AND e.id > %(after)s AND e.id <= %(upto)s {{first}} ORDER BY e.id
ON CONFLICT (employee_id, division_id, month) WHERE kind = 'month' DO NOTHING
RETURNING id, month, allotted
"""
_ALLOT = """\
INSERT INTO budgets_ledgerentry (budget_id, kind, amount, balance_after, request_id, note, at)
{places}
SELECT b.id, 'allotment', b.allotted, b.allotted, %(run)s, m.note, %(at)s
FROM {opened} b JOIN (SELECT DISTINCT month, note FROM places) m ON m.month = b.month
ORDER BY b.id
"""
# For one chunk. Nobody waits for it to be on disk: whoever spends from such a month has it written
# with their own, and what a crash takes is opened anew.
_GIVES_WAY = """
gives_way AS (
    SELECT set_config('lock_timeout', %(gives_way)s, true),
           set_config('synchronous_commit', 'off', true)
)
"""
_KNOWN = "SELECT reltuples FROM pg_class WHERE oid = 'budgets_ledgerentry'::regclass"
_MONTHLY = "COALESCE(e.personal_budget, a.monthly_budget)"


class MonthsNotOpened(Exception):
    """Some could not be opened; the others were. First use opens them, and the next run tries."""

    def __init__(self, *, opened: int, failed: list[Exception]) -> None:
        self.opened = opened
        self.failed = failed
        why = str(failed[0]).strip().partition("\n")[0]
        super().__init__(f"Some have no month yet, because of this: {why}")


def open_months(*, at: datetime) -> int:
    """Open the month that it is at this moment for all who have none yet; how many were opened.

    Raises MonthsNotOpened, when it is through with all others, if some could not be opened.
    """
    opened = 0
    for pause in (0, *[PAUSE] * (ROUNDS - 1)):
        time.sleep(pause)
        chunks = list(_open_chunks(at))
        opened += sum(chunk for chunk in chunks if isinstance(chunk, int))
        failed = [chunk for chunk in chunks if isinstance(chunk, Exception)]
        if not failed:
            return opened
    raise MonthsNotOpened(opened=opened, failed=failed) from failed[0]


def _open_chunks(at: datetime) -> Iterator[int | Exception]:
    """Open chunk after chunk, and tell how many each opened, or why it did not.

    What is wrong with one row must not keep the months of all others shut.
    """
    places, errors = places_at(at)
    yield from errors
    if not places:
        return
    table, who = as_table(places)
    who |= {
        "chunk": CHUNK,
        "after": 0,
        "gives_way": f"{GIVES_WAY_AFTER}ms",
        "run": LedgerEntry._meta.get_field("request_id").get_db_prep_value(uuid4(), connection),
        "at": Budget._meta.get_field("opened_at").get_db_prep_value(at, connection),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {table} {_ENDS}", who)
        ends = [end for (end,) in cursor.fetchall()]
    done, at_once = 0, 1
    while done < len(ends):
        done = min(done + at_once, len(ends))
        upto, began = ends[done - 1], time.monotonic()
        opened: int | Exception
        try:
            opened = _open_chunk(table, {**who, "upto": upto})
        except DatabaseError as error:
            log.warning("People %s to %s later: %s", who["after"] + 1, upto, error)
            opened = error
        took = time.monotonic() - began
        at_once = max(1, min(2 * at_once, int(at_once * LASTS / took)))
        yield opened
        if who["after"] == 0:
            _know_the_tables()
        who["after"] = upto


def _open_chunk(table: str, who: dict[str, Any]) -> int:
    on_postgresql = connection.vendor == "postgresql"
    opening = _OPEN.format(
        base=_rounded(_MONTHLY, 1),
        grace=_rounded(f"{_MONTHLY} * a.over_budget_percent", 100),
        places="" if on_postgresql else f"WITH {table}",
        first="AND EXISTS (SELECT * FROM gives_way)" if on_postgresql else "",
    )
    with connection.cursor() as cursor:
        if on_postgresql:
            # One statement, and so a transaction: every word with the server takes its time.
            allot = _ALLOT.format(places="", opened="opened")
            cursor.execute(f"WITH {table}, {_GIVES_WAY}, opened AS ({opening}) {allot}", who)
            return int(cursor.rowcount)
        with transaction.atomic():
            # SQLite has one writer at a time, so that what comes after the last one is ours.
            cursor.execute("SELECT COALESCE(MAX(id), 0) FROM budgets_budget")
            (last,) = cursor.fetchone()
            cursor.execute(opening, who)
            ours = "(SELECT * FROM budgets_budget WHERE id > %(last)s)"
            allot = _ALLOT.format(places=f"WITH {table}", opened=ours)
            cursor.execute(allot, {**who, "last": last})
            return int(cursor.rowcount)


def _know_the_tables() -> None:
    """Have PostgreSQL count a company's very first rows, which it else does a minute later.

    The triggers' plans are made for the tables as they were: of an empty one, all was read.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN)
        (known,) = cursor.fetchone()
        if known < CHUNK:
            cursor.execute("ANALYZE budgets_budget, budgets_ledgerentry")


def _rounded(amount: str, divisor: int) -> str:
    """SQL for an amount divided and rounded to the currency's places, halves up, as `quantize`."""
    if connection.vendor == "postgresql":
        return f"round({amount} / ({divisor} * p.unit)) * p.unit"
    whole = f"({divisor} * p.unit)"  # SQLite has whole ten-thousandths
    return f"(({amount}) * 2 + {whole}) / ({whole} * 2) * p.unit"
