"""Opening the month for everyone whose local date is in a new one: what the job does.

Set-based: for each time zone of a division, and for so many people at a time, one INSERT … SELECT
of budgets with their allotment entries, in a transaction of its own. What must stay true:

- The same rows come out as if each had opened their month by first use (`months.py`).
- Run again, late, twice at once or killed at any moment, each month is opened once.
- A run holds nobody up for longer than one chunk takes. Where it would have to wait for someone
  itself, it gives way, goes on with the others and comes back.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection, transaction

from budgets.models import Budget, LedgerEntry
from budgets.months import allotment_note, month_in
from employees.models import Team
from employees.money import STORED_PLACES, places

log = logging.getLogger(__name__)

# People in one transaction. Who gives something while their chunk is being opened waits for it.
CHUNK = 500

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
WHERE e.is_active AND e.division_id = %(division)s AND t.time_zone = %(zone)s
"""
# Whether someone has the month already is looked up for each of them in the unique index. As NOT
# EXISTS it would be a join, and a new month, which statistics do not know, be read whole.
_CHUNKS = f"""
SELECT MAX(id) FROM (
    SELECT e.id, (ROW_NUMBER() OVER (ORDER BY e.id) - 1) / %(chunk)s AS chunk {_WHO} AND (
        SELECT b.id FROM budgets_budget b
        WHERE b.employee_id = e.id AND b.division_id = e.division_id
        AND b.month = %(month)s AND b.kind = 'month'
    ) IS NULL
) missing GROUP BY chunk ORDER BY 1
"""  # noqa: S608  (put together from constants)
_OPEN = f"""
INSERT INTO budgets_budget (kind, division_id, employee_id, month, name, base, allotted, spent,
                            grace, opened_at)
SELECT 'month', e.division_id, e.id, %(month)s, '', {{base}}, {{base}}, 0, {{grace}}, %(at)s
{_WHO} AND e.id > %(after)s AND e.id <= %(upto)s ORDER BY e.id
ON CONFLICT (employee_id, division_id, month) WHERE kind = 'month' DO NOTHING
RETURNING id, allotted
"""
_ALLOT = """
INSERT INTO budgets_ledgerentry (budget_id, kind, amount, balance_after, request_id, note, at)
SELECT b.id, 'allotment', b.allotted, b.allotted, %(run)s, %(note)s, %(at)s
FROM {opened} b ORDER BY b.id
"""
# Until the transaction ends. Nobody waits for it to be on disk: whoever spends from such a month
# has it written with their own, and what a crash takes is opened anew.
_GIVE_WAY = (
    "SELECT set_config('lock_timeout', %s, true), set_config('synchronous_commit', 'off', true)"
)
_KNOWN = "SELECT reltuples FROM pg_class WHERE oid = 'budgets_ledgerentry'::regclass"
_MONTHLY = "COALESCE(e.personal_budget, a.monthly_budget)"


class MonthsNotOpened(Exception):
    """Some could not be opened; the others were. First use opens them, and the next run tries."""

    def __init__(self, *, opened: int, failed: list[Exception]) -> None:
        self.opened = opened
        self.failed = failed
        why = str(failed[0]).strip().partition("\n")[0]
        super().__init__(f"Some have no month yet, because of this: {why}")


@dataclass(frozen=True, slots=True)
class Place:
    """The people of a division in one time zone: their month begins at the same moment."""

    division_id: int
    currency: str
    zone: str


def open_months(*, at: datetime) -> int:
    """Open the month that it is at this moment for all who have none yet; how many were opened.

    Raises MonthsNotOpened, when it is through with all others, if some could not be opened.
    """
    opened = 0
    for pause in (0, *[PAUSE] * (ROUNDS - 1)):
        time.sleep(pause)
        chunks = [chunk for place in _places() for chunk in _open_in(place, at)]
        opened += sum(chunk for chunk in chunks if isinstance(chunk, int))
        failed = [chunk for chunk in chunks if isinstance(chunk, Exception)]
        if not failed:
            return opened
    raise MonthsNotOpened(opened=opened, failed=failed) from failed[0]


def _places() -> list[Place]:
    rows = Team.objects.order_by("division", "time_zone").distinct()
    return [Place(*row) for row in rows.values_list("division", "division__currency", "time_zone")]


def _open_in(place: Place, at: datetime) -> Iterator[int | Exception]:
    """Open chunk after chunk, and tell how many each opened, or why it did not.

    What is wrong with one row must not keep the months of all others shut.
    """
    try:
        month = month_in(ZoneInfo(place.zone), at)
    except (KeyError, ValueError) as error:  # no time zone is called so, or not any more
        log.warning("%s has no month: %s", place, error)
        yield error
        return
    who: dict[str, Any] = {
        "after": 0,
        "division": place.division_id,
        "zone": place.zone,
        "month": _stored(Budget, "month", month),
        "chunk": CHUNK,
        "at": _stored(Budget, "opened_at", at),
        "run": _stored(LedgerEntry, "request_id", uuid4()),
        "note": allotment_note(month),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHUNKS, who)
        chunks = [upto for (upto,) in cursor.fetchall()]
    for upto in chunks:
        try:
            yield _open_chunk({**who, "upto": upto}, place)
        except DatabaseError as error:
            log.warning("%s: people %s to %s later: %s", place, who["after"] + 1, upto, error)
            yield error
        if who["after"] == 0:
            _know_the_tables()
        who["after"] = upto


@transaction.atomic
def _open_chunk(who: dict[str, Any], place: Place) -> int:
    opening = _OPEN.format(
        base=_rounded(_MONTHLY, 1, place),
        grace=_rounded(f"{_MONTHLY} * a.over_budget_percent", 100, place),
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_GIVE_WAY, [f"{GIVES_WAY_AFTER}ms"])
            cursor.execute(f"WITH opened AS ({opening}) {_ALLOT.format(opened='opened')}", who)
            return int(cursor.rowcount)
        # SQLite has one writer at a time, so that what comes after the last one is ours.
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM budgets_budget")
        (last,) = cursor.fetchone()
        cursor.execute(opening, who)
        ours = "(SELECT * FROM budgets_budget WHERE id > %(last)s)"
        cursor.execute(_ALLOT.format(opened=ours), {**who, "last": last})
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


def _rounded(amount: str, divisor: int, place: Place) -> str:
    """SQL for an amount divided and rounded to the currency's places, halves up, as `quantize`."""
    decimals = places(place.currency)
    if connection.vendor == "postgresql":
        return f"round({amount} / {divisor}, {decimals})"
    unit = 10 ** (STORED_PLACES - decimals)  # SQLite has whole ten-thousandths
    whole = unit * divisor
    return f"(({amount}) * 2 + {whole}) / ({whole} * 2) * {unit}"


def _stored(model: type[Budget | LedgerEntry], field: str, value: Any) -> Any:
    """The value as this database keeps it in that column."""
    return model._meta.get_field(field).get_db_prep_value(value, connection)  # type: ignore[union-attr]
