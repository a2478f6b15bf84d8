"""Writes what a trial found: by COPY, or by a statement that is prepared once and run for each row.

A change may make a difference to half of a hundred thousand cases: writing them by `bulk_create`,
in one long statement each time, takes longer than deciding them.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from employees.money import MoneyField
from resolutions.models import Trial, TrialDifference
from resolutions.trying.difference import Difference

_COLUMNS = ("trial", "kind", "gap", "resolution", "before", "after", "why", "cost", "month")
_MONEY = MoneyField()


def write_differences(trial: Trial, found: Sequence[Difference]) -> None:
    """Write them, in order. The caller holds the transaction."""
    if not found:
        return
    meta, quote = TrialDifference._meta, connection.ops.quote_name
    table = quote(meta.db_table)
    names = [str(meta.get_field(name).column) for name in _COLUMNS]  # type: ignore[union-attr]
    columns = ", ".join(map(quote, names))
    rows = [_row(trial, difference) for difference in found]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608  (our own names)
                rows,
            )


def _row(trial: Trial, difference: Difference) -> tuple[Any, ...]:
    """The values of `_COLUMNS`, as the database takes them."""
    wish, stored = difference.wish, _MONEY.get_db_prep_value
    return (
        trial.pk,
        difference.kind.value,
        wish.id if wish.refused else None,
        None if wish.refused else wish.id,
        difference.before.verdict.value,
        difference.after.verdict.value,
        difference.after.binding.title,
        stored(difference.cost, connection),
        stored(difference.month, connection),
    )
