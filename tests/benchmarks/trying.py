"""How fast a change is tried on 100,000 cases, on both databases, and whether memory stays flat.

`python -m tests.benchmarks.trying`; see README.md beside this file.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psutil

from tests.benchmarks.prepared import prepare
from tests.servers import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cast import Cast

SINCE = datetime(2026, 10, 1, tzinfo=UTC)
MONTH = timedelta(days=31)
CUSTOMERS = 20_000
EVERY_SO_MANY_REFUSED = 20
BATCH = 2000
DATABASES = ("postgresql", "sqlite")


def main() -> None:
    """Found the past in each database and each size, and try changes on it, in turns."""
    options = _options()
    if options.url:
        _measure(options.url, options.cases)
        return
    for database in options.databases:
        for cases in (options.cases // 5, options.cases):
            with _database(database) as url:
                # In a process of its own: what one run leaves in memory says nothing of the next.
                subprocess.run(
                    [sys.executable, "-m", __spec__.name, "--url", url, "--cases", str(cases)],
                    check=True,
                )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _database(kind: str) -> "Iterator[str]":
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="leeway-trying-") as folder:
            yield f"sqlite:///{folder}/leeway.sqlite3"
        return
    server = Postgres(durable=True)
    try:
        yield server.url
    finally:
        server.stop()


def _measure(url: str, cases: int) -> None:
    with tempfile.TemporaryDirectory(prefix="leeway-trying-") as folder:
        prepare(url, Path(folder))
        from tests.cast import bring_in, draft_rule
        from tests.companies import FORNO

        company = bring_in(FORNO)
        _found(company, cases)
        kind = url.partition(":")[0]
        print(f"{kind}, {cases:,} cases:", flush=True)
        everything = draft_rule(company, "Never more than 14", value="14.00")
        _report("a rule about everything", lambda: _try(company, policy=everything))
        _report("another limit", lambda: _try(company, tier=company.tiers["Driver"]))
        one = draft_rule(company, "No reorder when cold", effect="forbid", reasons=["cold"])
        _report("a rule about one reason", lambda: _try(company, policy=one))
        from tests.benchmarks.company import write_rules

        write_rules(company)
        _report("… with rules per customer", lambda: _try(company, policy=everything))


def _found(company: "Cast", cases: int) -> None:
    """So many cases in a month, put right by amounts up to the limit; some were refused first."""
    from django.db import connection, transaction

    from resolutions.models import Customer

    with transaction.atomic():
        customers = Customer.objects.bulk_create(
            (
                Customer(division=company.division, reference=f"C-{n}", name="Kim")
                for n in range(CUSTOMERS)
            ),
            batch_size=BATCH,
        )
        for start in range(0, cases, BATCH):
            _write(company, customers, range(start, start + BATCH), MONTH / cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write(company: "Cast", customers: list[Any], numbers: range, step: timedelta) -> None:
    from budgets.models import Budget, BudgetKind, LedgerEntry
    from resolutions.models import AuthorityGap, Case, Resolution

    # Of all budgets, these keep no counter: so many entries can be written at once.
    paid, _ = Budget.objects.get_or_create(
        kind=BudgetKind.ENTITLEMENTS, division=company.division, month=SINCE.date()
    )
    reasons, remedies = (
        list(company.reasons.values()),
        [
            company.remedies["money-off"],
            company.remedies["voucher"],
        ],
    )
    rows = [
        {
            "at": SINCE + n * step,
            "amount": Decimal(500 + 37 * n % 2000).scaleb(-2),
            "request": UUID(int=n),
            "remedy": remedies[n % 2],
            "reason": reasons[n % len(reasons)],
            "customer": customers[n * 7919 % len(customers)],
        }
        for n in numbers
    ]
    cases = Case.objects.bulk_create(
        Case(
            division=company.division,
            team=company.agent.team,
            customer=row["customer"],
            reason_code=row["reason"],
            channel="doorstep",
            order_reference=f"O-{row['request']}",
            order_value=Decimal("40.00"),
            opened_by=company.agent,
            opened_at=row["at"],
            state="put-right",
            ended_at=row["at"],
        )
        for row in rows
    )
    entries = LedgerEntry.objects.bulk_create(
        LedgerEntry(budget=paid, kind="spend", amount=-row["amount"]) for row in rows
    )
    Resolution.objects.bulk_create(
        Resolution(
            case=case,
            remedy=row["remedy"],
            given_by=company.agent,
            team=company.agent.team,
            tier=company.agent.tier,
            face_value=row["amount"],
            cost=row["amount"],
            against_limit=row["amount"],
            verdict="within",
            decision={},
            entry=entry,
            request_id=row["request"],
            at=row["at"],
        )
        for row, case, entry in zip(rows, cases, entries, strict=True)
    )
    AuthorityGap.objects.bulk_create(
        AuthorityGap(
            division=company.division,
            employee=company.agent,
            tier=company.agent.tier,
            reason_code=row["reason"],
            remedy=row["remedy"],
            face_value=row["amount"] + 25,
            cost=row["amount"] + 25,
            bound="tier",
            request_id=row["request"],
            at=row["at"] + timedelta(seconds=1),
        )
        for row in rows[::EVERY_SO_MANY_REFUSED]
    )


def _try(company: "Cast", **change: Any) -> Any:
    from resolutions.models import Trial
    from resolutions.trying.runner import run_trial

    if "tier" in change:
        change |= {"limit_per_case": Decimal("15.00"), "grace_percent": 0}
    trial = Trial.objects.create(
        division=company.division,
        since=SINCE,
        until=SINCE + MONTH,
        change="Measured",
        asked_by=company.manager,
        **change,
    )
    run_trial(trial)
    return trial


def _report(what: str, run: Any) -> None:
    """Print how long it took, what it found, and by how much memory grew meanwhile."""
    process, over, grown = psutil.Process(), threading.Event(), [0.0]
    before = process.memory_info().rss

    def watch() -> None:
        while not over.wait(0.02):
            grown[0] = max(grown[0], (process.memory_info().rss - before) / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, worked = time.perf_counter(), time.process_time()
    trial = run()
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    over.set()
    watcher.join()
    found = {kind: each["count"] for kind, each in trial.result["kinds"].items() if each["count"]}
    print(
        f"  {what:28} {seconds:6.2f} s, of it here {worked:5.2f} s   "
        f"memory +{grown[0]:5.1f} MB   {found}",
        flush=True,
    )


if __name__ == "__main__":
    main()
