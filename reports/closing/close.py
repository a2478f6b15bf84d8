"""Closing a month of a division: what it cost goes into the books, once.

What must stay true (the database holds each of these too, see `models/closes.py` and `guards.py`):

- A month is closed once, and an entry that costs money is in one close at most.
- A close's lines, totals and journal are those of exactly the entries that it holds.
- Nothing is lost: what no close holds is in the next one, whenever it was written.

Agents go on working meanwhile. A transaction that began before midnight may commit while the month
is being closed, between any two statements. So which entries it holds is asked once: one statement,
and so one snapshot, writes them with what each is booked on into a table that this transaction
alone sees. Lines, totals, journal and `ClosedEntry` all come out of that table. What was not
committed by then is in none of them, and in the next close. Entries never change, so that what was
read stays true; and two who close months of one division wait for each other at its row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection, transaction

from employees.models import Division, Employee, Role
from employees.money import MoneyField
from reports.closing.order import refuse_unless_next
from reports.closing.selection import COLUMNS, Selection, lines_of, total, what_it_holds
from reports.errors import NotFinance
from reports.journal import checksum_of, journal_of
from reports.models import CloseLine, LineKind, PeriodClose

BATCH = 1000
_TABLE = "leeway_entries_to_close"
_CREATE = f"""\
CREATE TEMPORARY TABLE {_TABLE} (
    id bigint PRIMARY KEY, way varchar(10), cost {{money}}, account varchar(40), centre varchar(40),
    remedy varchar(50), original bigint, zone varchar(64)
)
"""
_GATHER = f"INSERT INTO {_TABLE} ({', '.join(COLUMNS)}) {{selection}}"
_HELD = f"SELECT * FROM {_TABLE}"  # noqa: S608  (put together from constants)
_KEEP = f"""\
INSERT INTO reports_closedentry (entry_id, close_id)
SELECT id, %(close)s FROM {_TABLE} ORDER BY id
"""  # noqa: S608


def may_close(employee: Employee, division: Division) -> bool:
    """Whether someone keeps the division's books: its finance, or the group's."""
    keeps_books = employee.is_active and employee.role == Role.FINANCE
    return keeps_books and employee.division_id in (None, division.pk)


@transaction.atomic
def close_month(
    division: Division, *, month: date, acting_employee: Employee, at: datetime
) -> PeriodClose:
    """Close a month, told by any day of it, with its lines and the journal's checksum.

    Raises NotFinance, MonthClosedAlready, MonthTooEarly, MonthStillRuns and EarlierMonthOpen, with
    nothing written.
    """
    if not may_close(acting_employee, division):
        raise NotFinance
    month, division = month.replace(day=1), _one_at_a_time(division)
    first = refuse_unless_next(division, month, at=at)
    with _gathered(what_it_holds(division, first=first, month=month)) as held:
        lines = lines_of(held)
        close = PeriodClose(
            division=division,
            month=month,
            currency=division.currency,
            budget_account=division.budget_account,
            entries=sum(line.entries for line in lines),
            spent=total(lines, LineKind.SPENT),
            given_back=total(lines, LineKind.GIVEN_BACK),
            closed_by=acting_employee,
            closed_at=at,
        )
        close.checksum = checksum_of(journal_of(close, lines))
        close.save(force_insert=True)
        for line in lines:
            line.close = close
        CloseLine.objects.bulk_create(lines, BATCH)
        _execute(_KEEP, {"close": close.pk})
    return close


def _one_at_a_time(division: Division) -> Division:
    """The division as it is now. Who closes a month of it, too, waits until this one is through.

    Nobody else does: what agents write refers to the row, and leaves it as it is.
    """
    return Division.objects.select_for_update(no_key=True).get(pk=division.pk)


@contextmanager
def _gathered(selection: Selection) -> Iterator[Selection]:
    """Hold the entries in a table of our own; an error takes it away with the transaction."""
    _execute(_CREATE.format(money=MoneyField().db_type(connection)))
    _execute(_GATHER.format(selection=selection.sql), selection.params)
    yield Selection(_HELD)
    _execute(f"DROP TABLE {_TABLE}")


def _execute(sql: str, params: object = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)  # type: ignore[arg-type]
