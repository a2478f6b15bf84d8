"""How fast everyone's month is opened, measured against PostgreSQL itself.

`python -m tests.benchmarks.months`; see README.md beside this file.
"""

import argparse
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.benchmarks.prepared import prepare
from tests.servers import Postgres

AT = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
BEFORE = datetime(2026, 10, 15, 12, 0, tzinfo=UTC)
BULK_BATCH = 5000
LOCK_WAIT = "100ms"

# What the job does, typed by hand: one statement for everyone. Months of all zones are the same
# at this moment, and the currency has two places.
BY_HAND = """
WITH opened AS (
    INSERT INTO budgets_budget (kind, division_id, employee_id, month, name, base, allotted, spent,
                                grace, opened_at)
    SELECT 'month', e.division_id, e.id, date '2026-11-01', '',
           round(coalesce(e.personal_budget, a.monthly_budget), 2),
           round(coalesce(e.personal_budget, a.monthly_budget), 2), 0,
           round(coalesce(e.personal_budget, a.monthly_budget) * a.over_budget_percent / 100, 2),
           timestamptz '2026-11-15 12:00+00'
    FROM employees_employee e
    JOIN employees_team t ON t.id = e.team_id
    JOIN employees_authoritytier a ON a.id = e.tier_id
    WHERE e.is_active AND NOT EXISTS (
        SELECT 1 FROM budgets_budget b WHERE b.employee_id = e.id
        AND b.division_id = e.division_id AND b.month = date '2026-11-01' AND b.kind = 'month'
    )
    ORDER BY e.id
    ON CONFLICT (employee_id, division_id, month) WHERE kind = 'month' DO NOTHING
    RETURNING id, allotted
)
INSERT INTO budgets_ledgerentry (budget_id, kind, amount, balance_after, request_id, note, at)
SELECT id, 'allotment', allotted, allotted, '00000000-0000-0000-0000-000000000001',
       'November 2026', timestamptz '2026-11-15 12:00+00'
FROM opened ORDER BY id;
"""


def main() -> None:
    """Start everything, measure in turns, print each round's ratios and their medians."""
    options = _options()
    server = Postgres(durable=True)
    try:
        prepare(server.url, server.folder)
        _note_waits_for_locks()
        from tests.benchmarks.world import found

        found(options.employees)
        _first_month(server)
        if options.only in (None, "opening"):
            _measure_opening(server, options)
        if options.only in (None, "spending"):
            _measure_spending(server, options)
    finally:
        server.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--employees", type=int, default=1_000_000)
    parser.add_argument("--bulk", type=int, default=100_000, help="of them, by bulk_create")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=4, help="who spend meanwhile")
    parser.add_argument("--only", choices=["opening", "spending"])
    return parser.parse_args()


def _note_waits_for_locks() -> None:
    """Have waits for locks written to the server's log."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET deadlock_timeout = '{LOCK_WAIT}'")
        cursor.execute("ALTER SYSTEM SET log_lock_waits = on")
        cursor.execute("SELECT pg_reload_conf()")


def _first_month(server: Postgres) -> None:
    """Give everyone a month before this one: nobody plans well with nothing to go by."""
    from budgets.open_many import open_months

    _psql(server, "leeway", "VACUUM ANALYZE")
    print(f"the first month of all: {_seconds(lambda: open_months(at=BEFORE)):.1f} s", flush=True)
    _psql(server, "leeway", "VACUUM ANALYZE; CHECKPOINT")


@contextmanager
def _fresh(server: Postgres) -> Iterator[str]:
    """A database in which nobody has this month yet: each measurement begins the same."""
    from django.db import connection

    connection.close()
    _psql(server, "postgres", "CREATE DATABASE fresh TEMPLATE leeway")
    connection.settings_dict["NAME"] = "fresh"
    try:
        _psql(server, "fresh", "CHECKPOINT")
        yield "fresh"
    finally:
        connection.close()
        connection.settings_dict["NAME"] = "leeway"
        _psql(server, "postgres", "DROP DATABASE fresh WITH (FORCE)")


def _measure_opening(server: Postgres, options: argparse.Namespace) -> None:
    from budgets.open_many import open_months

    ratios: dict[str, list[float]] = {"job": [], "again": [], "bulk": []}
    for number in range(1, options.rounds + 1):
        with _fresh(server) as database:
            hand = _seconds(lambda: _psql(server, database, BY_HAND))
            _prove(options.employees)
        with _fresh(server):
            with _memory() as grown:
                job = _seconds(lambda: open_months(at=AT))
            again = _seconds(lambda: open_months(at=AT))
            _prove(options.employees)
        with _fresh(server):
            bulk = _seconds(lambda: _by_bulk_create(options.bulk))
            bulk *= options.employees / options.bulk
        ratios["job"].append(job / hand)
        ratios["again"].append(again / hand)
        ratios["bulk"].append(bulk / job)
        print(
            f"round {number}: by hand {hand:6.1f} s, the job {job:6.1f} s ({job / hand:.2f} ×), "
            f"again {again:5.1f} s ({again / hand:.3f} ×), bulk_create {bulk:6.1f} s "
            f"({bulk / job:.1f} × the job), memory grew by {grown[0]:.1f} MB",
            flush=True,
        )
    print(
        "medians: job / by hand {job:.2f}, again / by hand {again:.3f}, "
        "bulk_create / job {bulk:.1f}".format(
            **{name: statistics.median(values) for name, values in ratios.items()}
        )
    )


def _measure_spending(server: Postgres, options: argparse.Namespace) -> None:
    """Spend as the acts do while a million months are opened, and once they are open."""
    from budgets.open_many import open_months
    from tests.benchmarks.spenders import Spenders

    with _fresh(server) as database:
        log = server.folder / "log"
        seen = log.stat().st_size
        with Spenders(database, options) as meanwhile:
            opening = _seconds(lambda: open_months(at=AT))
        waits = log.read_bytes()[seen:].count(b"still waiting for")
        with Spenders(database, options) as alone:
            time.sleep(min(opening, 20))
        _prove(options.employees, spent=True)
    for name, spenders in (("meanwhile", meanwhile), ("alone", alone)):
        print(f"spending {name}: {spenders.summary}", flush=True)
    print(f"waits for a lock of more than {LOCK_WAIT}: {waits}")


def _by_bulk_create(how_many: int) -> None:
    """The same with Django's own means: rows made in Python and sent in batches."""
    from django.db import transaction

    from budgets.models import Budget, LedgerEntry
    from budgets.months import fresh_month
    from employees.models import Employee

    holders = Employee.objects.with_authority().filter(tier__isnull=False, is_active=True)
    batch: list[Budget] = []

    def write() -> None:
        with transaction.atomic():
            Budget.objects.bulk_create(batch)
            LedgerEntry.objects.bulk_create(
                LedgerEntry(
                    budget=month,
                    kind="allotment",
                    amount=month.allotted,
                    balance_after=month.allotted,
                    note="November 2026",
                    at=AT,
                )
                for month in batch
            )
        batch.clear()

    for employee in holders.order_by("pk")[:how_many].iterator(BULK_BATCH):
        batch.append(fresh_month(employee, at=AT))
        if len(batch) == BULK_BATCH:
            write()
    write()


def _prove(employees: int, *, spent: bool = False) -> None:
    """Everyone has one month, with its allotment; the rest is what was spent."""
    from budgets.check import problems
    from budgets.models import Budget, LedgerEntry

    months, entries = Budget.objects.count() / 2, LedgerEntry.objects.count() / 2
    if months != employees or (entries != employees and not spent):
        raise RuntimeError(f"{months} months and {entries} entries for {employees} people")
    for problem in problems():
        raise RuntimeError(f"The ledger does not add up: {problem}")


@contextmanager
def _memory() -> Iterator[list[float]]:
    """By how many megabytes this process grew at most, looked at ten times a second."""
    process, grown, over = psutil.Process(), [0.0], threading.Event()
    before = process.memory_info().rss

    def watch() -> None:
        while not over.wait(0.1):
            grown[0] = max(grown[0], (process.memory_info().rss - before) / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield grown
    finally:
        over.set()
        watcher.join()


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _psql(server: Postgres, database: str, sql: str) -> str:
    """Run SQL as someone at a shell would, and return what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "typed.sql")
        file.write_text(sql)
        done = subprocess.run(
            [
                *(str(server.bin / "psql"), "-h", str(server.folder), "-U", "leeway", "-qAtX"),
                *("-v", "ON_ERROR_STOP=1", "-f", str(file), database),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
