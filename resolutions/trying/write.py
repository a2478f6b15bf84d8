"""Writes what a trial found: a statement that is prepared once, and run for each row.

A change may make a difference to half of a hundred thousand cases: writing them by `bulk_create`,
in one long statement each time, takes longer than deciding them.
"""

from collections.abc import Sequence

from django.db import connection

from resolutions.models import Trial, TrialDifference
from resolutions.trying.difference import Difference

_COLUMNS = ("trial", "kind", "gap", "resolution", "before", "after", "why", "cost", "month")


def write_differences(trial: Trial, found: Sequence[Difference]) -> None:
    """Write them, in order. The caller holds the transaction."""
    if not found:
        return
    meta, quote = TrialDifference._meta, connection.ops.quote_name
    fields = [meta.get_field(name) for name in _COLUMNS]
    columns = ", ".join(quote(str(field.column)) for field in fields)  # type: ignore[union-attr]
    sql = (
        f"INSERT INTO {quote(meta.db_table)} ({columns}) "  # noqa: S608  (names of our own)
        f"VALUES ({', '.join(['%s'] * len(fields))})"
    )
    prepared = [field.get_db_prep_save for field in fields]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.executemany(
            sql,
            [
                [prepare(value, connection) for prepare, value in zip(prepared, row, strict=True)]
                for row in (_row(trial, difference) for difference in found)
            ],
        )


def _row(trial: Trial, difference: Difference) -> tuple[object, ...]:
    """The values of `_COLUMNS`."""
    wish = difference.wish
    return (
        trial.pk,
        difference.kind.value,
        wish.id if wish.refused else None,
        None if wish.refused else wish.id,
        str(difference.before.verdict),
        str(difference.after.verdict),
        difference.after.binding.title,
        difference.cost,
        difference.month,
    )
