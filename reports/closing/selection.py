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
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Abs, Coalesce

from budgets.models import EntryKind, LedgerEntry
from budgets.months import month_in
from employees.models import Division, Team
from employees.money import MoneyField
from reports.closing.order import COSTS
from reports.entries import of_resolution, with_what_they_belong_to
from reports.models import CloseLine, LineKind
from reports.months import UTC_ZONE, in_months

AT_ONCE = 10_000  # entries by number in one query: SQLite takes no more than some 32,000

COLUMNS = ("id", "way", "cost", "account", "centre", "remedy", "original", "zone")
_LINES = """\
SELECT way, account, centre, remedy, original, CASE WHEN original IS NULL THEN '' ELSE zone END,
       SUM(cost), COUNT(*)
FROM ({selection}) entries GROUP BY 1, 2, 3, 4, 5, 6
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """A SELECT of entries with what each is booked on (`COLUMNS`), and its parameters."""

    sql: str
    params: Sequence[Any] = ()


def what_it_holds(division: Division, *, first: date, month: date) -> Selection:
    """What a close of the month would hold now; nothing from before the division's first one.

    A give-back names its `original` where that is in another close, or in none.
    """
    within = partial(in_months, first, month, zone="in_zone", zones=Team.objects.zones())
    open_costs = LedgerEntry.objects.filter(
        budget__division=division, kind__in=COSTS, closed=None
    ).order_by()
    held = with_what_they_belong_to(open_costs).filter(within(at="at"))
    booked = held.annotate(
        way=Case(
            When(kind=EntryKind.GIVE_BACK, then=Value(LineKind.GIVEN_BACK)),
            default=Value(LineKind.SPENT),
        ),
        cost=Abs(F("amount"), output_field=MoneyField()),
        account=_or(of_resolution("remedy__gl_account"), ""),
        centre=_or(F("of_centre"), ""),
        remedy=_or(of_resolution("remedy__code"), ""),
        original=Case(
            When(within(at="concerns__at"), concerns__closed=None, then=None),
            When(kind=EntryKind.GIVE_BACK, then=F("concerns")),
        ),
        zone=_or(F("in_zone"), UTC_ZONE),
    )
    return Selection(*booked.values_list(*COLUMNS).query.sql_with_params())


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


def _or(told: F | Case, otherwise: str) -> Coalesce:
    return Coalesce(told, Value(otherwise), output_field=models.TextField())


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
