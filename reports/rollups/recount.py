"""Counting days anew: what was counted of them goes, and what the raw rows say comes.

The caller holds the rollups (see `follow.py`) and the transaction: nobody sees a day half counted.
The database counts, and no row passes through here.
"""

from collections.abc import Set

from django.db import connection

from reports.rollups.counting import Counting
from reports.rollups.days import Days

_INSERT = """\
INSERT INTO {table} ({columns}) {found}
SELECT {keys}, {sums} FROM found GROUP BY {keys}
"""


def recount(counting: Counting, days: Days, zones: Set[str]) -> None:
    """Count these days anew; `zones` are those that teams work in. Two statements."""
    found = counting.found_in(days, zones)
    insert = _INSERT.format(
        table=counting.model._meta.db_table,
        columns=", ".join((*counting.keys, *counting.counters)),
        found=found.sql,
        keys=", ".join(counting.keys),
        sums=", ".join(f"SUM({counter})" for counter in counting.counters),
    )
    counting.model._default_manager.filter(days.of_rows()).delete()
    with connection.cursor() as cursor:
        cursor.execute(insert, found.params)
