"""Opening the month for everyone whose local date is in a new one: what the job does.

Set-based: for each time zone of a division, and for so many people at a time, one INSERT … SELECT
of budgets and one of their allotment entries, in a transaction of their own. What must stay true:
the same rows come out as if each had opened their month by first use (`months.py`); run again,
late, twice at once or killed at any moment, each month is opened once. A run never holds anyone up
for longer than one chunk takes.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection, transaction

from budgets.models import Budget, LedgerEntry
from budgets.months import allotment_note, month_in
from employees.models import Team
from employees.money import STORED_PLACES, places

log = logging.getLogger(__name__)

# People in one transaction. Who gives something while their chunk is being opened waits for it.
CHUNK = 500

_WHO = """
FROM employees_employee e
JOIN employees_team t ON t.id = e.team_id
JOIN employees_authoritytier a ON a.id = e.tier_id
WHERE e.id > %(after)s AND e.is_active AND e.division_id = %(division)s AND t.time_zone = %(zone)s
AND NOT EXISTS (
    SELECT 1 FROM budgets_budget b WHERE b.employee_id = e.id AND b.division_id = e.division_id
    AND b.month = %(month)s AND b.kind = 'month'
)
"""
_NEXT_CHUNK = f"""
SELECT COUNT(*), MAX(id) FROM (SELECT e.id {_WHO} ORDER BY e.id LIMIT %(chunk)s) missing
"""  # noqa: S608  (put together from constants)
_OPEN = f"""
INSERT INTO budgets_budget (kind, division_id, employee_id, month, name, base, allotted, spent,
                            grace, opened_at)
SELECT 'month', e.division_id, e.id, %(month)s, '', {{base}}, {{base}}, 0, {{grace}}, %(at)s
{_WHO} AND e.id <= %(upto)s ORDER BY e.id
ON CONFLICT (employee_id, division_id, month) WHERE kind = 'month' DO NOTHING
RETURNING id
"""
_ALLOT = """
INSERT INTO budgets_ledgerentry (budget_id, kind, amount, balance_after, request_id, note, at)
SELECT b.id, 'allotment', b.allotted, b.allotted, %s, %s, %s
FROM budgets_budget b WHERE b.id IN ({opened}) ORDER BY b.id
"""
_MONTHLY = "COALESCE(e.personal_budget, a.monthly_budget)"


class MonthsNotOpened(Exception):
    """Some could not be opened; the others were. First use opens them, and the next run tries."""


@dataclass(frozen=True, slots=True)
class Place:
    """The people of a division in one time zone: their month begins at the same moment."""

    division_id: int
    currency: str
    zone: str


def open_months(*, at: datetime) -> int:
    """Open the month that it is at this moment for all who have none yet; how many were opened.

    Raises MonthsNotOpened, when it is through with all others, if the database refused some.
    """
    chunks = [chunk for place in _places() for chunk in _open_in(place, at)]
    if refused := sum(chunk is None for chunk in chunks):
        raise MonthsNotOpened(f"{refused} of {len(chunks)} chunks of people were refused.")
    return sum(filter(None, chunks))


def _places() -> list[Place]:
    rows = Team.objects.order_by("division", "time_zone").distinct()
    return [Place(*row) for row in rows.values_list("division", "division__currency", "time_zone")]


def _open_in(place: Place, at: datetime) -> Iterator[int | None]:
    """Open chunk after chunk, and tell how many each opened; None where the database refused."""
    month, run = month_in(ZoneInfo(place.zone), at), uuid4()
    who: dict[str, Any] = {
        "after": 0,
        "division": place.division_id,
        "zone": place.zone,
        "month": month,
        "chunk": CHUNK,
        "at": _stored(Budget, "opened_at", at),
    }
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT_CHUNK, who)
            missing, upto = cursor.fetchone()
        if not missing:
            return
        try:
            yield _open_chunk({**who, "upto": upto}, place, month, at, run)
        except DatabaseError:  # a row that is wrong must not keep the months of all others shut
            log.exception("Months of %s, people %s to %s", place, who["after"], upto)
            yield None
        who["after"] = upto


@transaction.atomic
def _open_chunk(who: dict[str, Any], place: Place, month: date, at: datetime, run: UUID) -> int:
    monthly, grace = (
        _rounded(_MONTHLY, 1, place),
        _rounded(f"{_MONTHLY} * a.over_budget_percent", 100, place),
    )
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(base=monthly, grace=grace), who)
        opened = [pk for (pk,) in cursor.fetchall()]
        if opened:
            cursor.execute(
                _ALLOT.format(opened=", ".join(["%s"] * len(opened))),
                [
                    _stored(LedgerEntry, "request_id", run),
                    allotment_note(month),
                    _stored(LedgerEntry, "at", at),
                    *opened,
                ],
            )
    return len(opened)


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
