"""How long a month of 100,000 entries takes to close, measured against keeping as many rows.

`python -m tests.benchmarks.closing`; see README.md beside this file.
"""

import argparse
import statistics
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tests.benchmarks.prepared import a_year

if TYPE_CHECKING:
    from collections.abc import Callable

MONTH, CLOSED_AT = date(2026, 9, 1), datetime(2026, 10, 3, 9, tzinfo=UTC)
# What any way of closing has to do at least: keep which entries there are, each once.
LEAST = """
    CREATE TABLE held (entry_id bigint UNIQUE REFERENCES budgets_ledgerentry, close_id bigint);
    CREATE INDEX ON held (close_id);
    INSERT INTO held SELECT id, 1 FROM budgets_ledgerentry
    WHERE at >= '2026-09-01T04:00Z' AND at < '2026-10-01T04:00Z'
"""


def main() -> None:
    """Found the company, then close its month and take that back, in turns with the least."""
    options = _options()
    ratios = []
    with a_year(options.rows):
        for number in range(1, options.rounds + 1):
            (entries, ours), (_, least) = _taken_back(_close), _taken_back(_least)
            ratios.append(ours / least)
            print(
                f"{number}: {entries:,} entries closed in {ours:.2f} s, kept in "
                f"{least:.2f} s, ratio {ratios[-1]:.1f}",
                flush=True,
            )
    print(f"median ratio {statistics.median(ratios):.1f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_200_000, help="in a year")
    parser.add_argument("--rounds", type=int, default=4)
    return parser.parse_args()


def _taken_back(act: "Callable[[], int]") -> tuple[int, float]:
    """How many entries it kept, and how many seconds it took."""
    from django.db import transaction

    with transaction.atomic():
        begin = time.perf_counter()
        entries = act()
        seconds = time.perf_counter() - begin
        transaction.set_rollback(True)
    return entries, seconds


def _close() -> int:
    from django.db import connection

    from employees.models import Division, Employee
    from reports.closing.close import close_month

    close = close_month(
        Division.objects.get(),
        month=MONTH,
        acting_employee=Employee.objects.get(username="finance"),
        at=CLOSED_AT,
    )
    connection.check_constraints()  # what the database looks at when a transaction ends
    return close.entries


def _least() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(LEAST)
        cursor.execute("SELECT COUNT(*) FROM held")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
