"""The entries that a close holds, and what they come to by account, cost centre and remedy.

One SELECT tells which they are: every cost of the division up to the end of the month, where the
team works that gave it, that no close holds yet. It tells with each what it is booked on, with the
codes as they are now. What is asked of it (the lines, before and when a month is closed) is asked
in one way, so that what finance was shown is what is closed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from budgets.days import begin_of, first_of_next
from budgets.models import LedgerEntry
from budgets.months import month_in
from employees.models import Division
from employees.money import MoneyField
from reports.closing.order import COSTS, all_zones
from reports.models import CloseLine, LineKind

AT_ONCE = 10_000  # entries by number in one query: SQLite takes no more than some 32,000

# `o` is the entry that a give-back takes back, or that money was lent towards. The resolution is of
# the spend that all three are about. Where there is none (brought in, or odd), whose budget it is
# says the team, unless they work in another division by now, whose cost it is not. `f` is the close
# that holds the original already.
_SELECT = """\
SELECT e.id AS entry_id,
       CASE e.kind WHEN 'give-back' THEN 'given-back' ELSE 'spent' END AS kind,
       ABS(e.amount) AS amount,
       COALESCE(m.gl_account, '') AS account,
       COALESCE(CASE WHEN 'lent' IN (e.kind, o.kind) THEN own.cost_centre
                     ELSE gave.cost_centre END, '') AS cost_centre,
       COALESCE(m.code, '') AS remedy,
       CASE WHEN e.kind = 'give-back'
            AND (f.id IS NOT NULL OR o.at < {begins} OR o.at >= {ends})
            THEN o.id END AS original_id,
       COALESCE(gave.time_zone, 'UTC') AS zone
FROM budgets_ledgerentry e
JOIN budgets_budget b ON b.id = e.budget_id
LEFT JOIN budgets_ledgerentry o ON o.id = e.concerns_id
LEFT JOIN resolutions_resolution r ON r.entry_id = COALESCE(o.concerns_id, o.id, e.id)
LEFT JOIN policies_remedy m ON m.id = r.remedy_id
LEFT JOIN employees_employee p ON p.id = b.employee_id
LEFT JOIN employees_team own ON own.id = p.team_id AND own.division_id = b.division_id
LEFT JOIN employees_team gave ON gave.id = COALESCE(r.team_id, own.id)
LEFT JOIN reports_closedentry f ON f.entry_id = o.id
WHERE b.division_id = %(division)s AND e.kind IN ({costs})
  AND e.at >= {begins} AND e.at < {ends}
  AND NOT EXISTS (SELECT 1 FROM reports_closedentry c WHERE c.entry_id = e.id)
"""
_LINES = """\
SELECT kind, account, cost_centre, remedy, original_id,
       CASE WHEN original_id IS NULL THEN '' ELSE zone END AS zone,
       SUM(amount), COUNT(*)
FROM ({selection}) entries GROUP BY 1, 2, 3, 4, 5, 6
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """A SELECT of entries with what each is booked on, and its parameters."""

    sql: str
    params: Mapping[str, Any]


def what_it_holds(division: Division, *, first: date, month: date) -> Selection:
    """What a close of the month would hold now; nothing from before the division's first one."""
    zones = all_zones()
    params: dict[str, Any] = {"division": division.pk}
    params |= {f"zone{number}": str(zone) for number, zone in enumerate(zones)}
    sql = _SELECT.format(
        begins=_by_zone("begins", first, zones, params),
        ends=_by_zone("ends", first_of_next(month), zones, params),
        costs=", ".join(f"'{kind.value}'" for kind in COSTS),
    )
    return Selection(sql, params)


def lines_of(selection: Selection) -> list[CloseLine]:
    """What the entries come to, line by line, not saved, and always in the same order.

    One line for each way, account, cost centre and remedy, and one for each give-back whose
    original is in an earlier close.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(selection=selection.sql), selection.params)
        rows = cursor.fetchall()
    months = _months_of(
        {original: zone for *_, original, zone, _, _ in rows if original is not None}
    )
    kinds = list(LineKind)
    rows.sort(key=lambda row: (kinds.index(row[0]), *row[1:4], row[4] or 0))
    return [
        CloseLine(
            position=position,
            kind=LineKind(kind),
            account=account,
            cost_centre=cost_centre,
            remedy=remedy,
            amount=_money(amount),
            entries=entries,
            original_id=original,
            original_month=months.get(original),
        )
        for position, (
            kind, account, cost_centre, remedy, original, _, amount, entries,
        ) in enumerate(rows, 1)
    ]  # fmt: skip


def total(lines: Iterable[CloseLine], kind: LineKind) -> Decimal:
    """What lines of a kind come to."""
    return sum((line.amount for line in lines if line.kind == kind), Decimal(0))


def _by_zone(name: str, month: date, zones: Sequence[ZoneInfo], params: dict[str, Any]) -> str:
    """SQL for the moment that a month begins where the team works; its values go to `params`."""
    at = LedgerEntry._meta.get_field("at")
    cases = []
    for number, zone in enumerate(zones):
        params[f"{name}{number}"] = at.get_db_prep_value(begin_of(month, zone), connection)
        cases.append(f"WHEN %(zone{number})s THEN %({name}{number})s")
    return f"CASE COALESCE(gave.time_zone, 'UTC') {' '.join(cases)} END"


def _months_of(originals: Mapping[int, str]) -> dict[int, date]:
    """The month in whose close each original is, or, where it is in none, in which it was given."""
    months = {}
    numbers = sorted(originals)
    for begin in range(0, len(numbers), AT_ONCE):
        rows = LedgerEntry.objects.filter(pk__in=numbers[begin : begin + AT_ONCE]).order_by()
        for number, at, closed in rows.values_list("pk", "at", "closed__close__month"):
            months[number] = closed or month_in(ZoneInfo(originals[number]), at)
    return months


def _money(amount: Any) -> Decimal:
    money = MoneyField()
    exact = money.to_python(money.from_db_value(amount, None, connection))
    return Decimal(exact)
