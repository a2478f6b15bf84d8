"""How much sooner a report is there, and what following the ledger costs those who resolve.

`python -m tests.benchmarks.reports`; see README.md beside this file.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from tests.benchmarks.prepared import a_year, prepare
from tests.servers import Postgres

if TYPE_CHECKING:
    from reports.figures import By, Scope
    from reports.rollups.counting import Counting

TODAY = date(2026, 11, 2)
# What a year of resolutions has not: who was asked and answered, was refused, or came again.
_MORE = (
    """
    INSERT INTO resolutions_followup (case_id, due_at, sent_at, not_asked, attempts, last_error)
    SELECT id, ended_at, ended_at, '', 1, '' FROM resolutions_case WHERE id %% 5 < 3
    """,
    """
    INSERT INTO resolutions_surveyresponse (follow_up_id, score, aspect, comment, at, changed_at)
    SELECT id, 1 + id %% 5, '', '', sent_at, sent_at FROM resolutions_followup WHERE id %% 5 < 2
    """,
    """
    INSERT INTO resolutions_authoritygap (division_id, employee_id, team_id, tier_id,
        reason_code_id, remedy_id, bound, face_value, cost, words, decision, told, request_id, at)
    SELECT c.division_id, c.opened_by_id, c.team_id, c.tier_id, c.reason_code_id, r.remedy_id,
        (ARRAY['tier', 'budget', 'restriction'])[1 + c.id %% 3], 30, 30, '', '{}',
        '{"channel": "phone"}', gen_random_uuid(), c.opened_at
    FROM resolutions_case c JOIN resolutions_resolution r ON r.case_id = c.id WHERE c.id %% 20 = 0
    """,
    """
    INSERT INTO resolutions_contact (case_id, employee_id, channel, note, at)
    SELECT id, opened_by_id, 'phone', '', ended_at + interval '3 days' FROM resolutions_case
    WHERE id %% 50 = 0
    """,
)


def main() -> None:
    """Measure reports with each number of cases, and then what following costs."""
    options = _options()
    if options.only != "following":
        took = [_in_a_process(_reports, cases, options.rounds) for cases in options.cases]
        if len(took) > 1:
            print(f"from rollups, the last by the first: {took[-1] / took[0]:.2f}", flush=True)
    if options.only != "reports":
        _following(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=60, help="of resolving, in each round")
    parser.add_argument("--every", type=float, default=60, help="seconds until it is followed")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=8, help="granian's processes")
    parser.add_argument("--only", choices=["reports", "following"])
    return parser.parse_args()


def _in_a_process(act: Callable[[int, int], float], *told: int) -> float:
    """Do it in a process of its own, with a database of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(act, *told).result()


# --- Reports ---


def _reports(cases: int, rounds: int) -> float:
    """Seconds that a report takes from rollups: the median."""
    with a_year(cases):
        from django.utils import timezone

        from reports.rollups.follow import follow

        _write_more()
        begin = time.perf_counter()
        days = follow(at=timezone.now())
        print(f"{days} days added up in {time.perf_counter() - begin:.0f} s", flush=True)
        ours, raw = [], []
        for number in range(1, rounds + 1):
            (told, quick), (same, slow) = _timed(_from_rollups), _timed(_from_raw_rows)
            if told != same:
                raise RuntimeError("The rollups are not what the raw rows say.")
            ours.append(quick)
            raw.append(slow)
            print(
                f"{cases:,}, round {number}: from rollups {quick:.3f} s, from raw rows "
                f"{slow:.2f} s, {slow / quick:.0f} times as long",
                flush=True,
            )
        ratio = statistics.median(raw) / statistics.median(ours)
        print(f"{cases:,}: {ratio:.0f} times as quick from rollups", flush=True)
        return statistics.median(ours)


def _write_more() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _MORE:
            cursor.execute(statement, [])
        cursor.execute("VACUUM ANALYZE")


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.perf_counter()
    done = act()
    return done, time.perf_counter() - begin


def _scopes() -> tuple["Scope", "Scope"]:
    """Thirteen months, and the last of them."""
    from employees.models import Division
    from reports.figures import Scope

    division = Division.objects.get()
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    year = Scope(division=division, first=date(2025, 10, 1), last=last)
    return year, Scope(division=division, first=first, last=last)


def _from_rollups() -> list[Any]:
    """Every figure that a monthly report has."""
    from reports import figures
    from reports.figures import By

    year, month = _scopes()
    parts = (By.REMEDY, By.TEAM, By.REASON)
    return [
        figures.costs_by(year, By.MONTH),
        figures.cases_by(year, By.MONTH, today=TODAY),
        *(figures.costs_by(month, by) for by in parts),
        *(figures.cases_by(month, by, today=TODAY) for by in parts),
        [(gap.bound, gap.gaps, gap.cost) for gap in figures.gaps(month)],
        figures.budget_use_by_month(year),
    ]


def _from_raw_rows() -> list[Any]:
    """The same; employees' months are counters themselves, and are read as they are."""
    from reports import figures
    from reports.figures import By
    from reports.measures import Cases, Costs, watched_until
    from reports.rollups.counting import CASES, COSTS, GAPS

    year, month = _scopes()
    parts = (By.REMEDY, By.TEAM, By.REASON)
    until = f"day <= DATE '{watched_until(TODAY):%Y-%m-%d}'"
    watched = {
        "watched": f"SUM(with_customer) FILTER (WHERE {until})",
        "came_again": f"SUM(came_again) FILTER (WHERE {until})",
    }

    def costs_by(scope: "Scope", by: "By") -> dict[Any, Any]:
        sums = {name: f"SUM({name})" for name in COSTS.counters}
        rows = _grouped(COSTS, scope, by, sums)
        return {row.pop("key") or None: Costs(**row) for row in rows}

    def cases_by(scope: "Scope", by: "By") -> dict[Any, Any]:
        names = [name for name in CASES.counters if name not in ("with_customer", "came_again")]
        rows = _grouped(CASES, scope, by, {name: f"SUM({name})" for name in names} | watched)
        return {
            row.pop("key") or None: Cases(**{k: v or 0 for k, v in row.items()}) for row in rows
        }

    gaps = _grouped(GAPS, month, "bound", {"gaps": "SUM(gaps)", "cost": "SUM(cost)"})
    return [
        costs_by(year, By.MONTH),
        cases_by(year, By.MONTH),
        *(costs_by(month, by) for by in parts),
        *(cases_by(month, by) for by in parts),
        sorted(
            ((row["key"], row["gaps"], row["cost"]) for row in gaps),
            key=lambda gap: (-gap[1], gap[0]),
        ),
        figures.budget_use_by_month(year),
    ]


def _grouped(
    counting: "Counting", scope: "Scope", by: str, sums: dict[str, str]
) -> list[dict[str, Any]]:
    """The raw rows of a scope, added up at once under what is asked for."""
    from django.db import connection

    from employees.models import Team
    from reports.figures import By
    from reports.rollups.counting import CASES
    from reports.rollups.days import Days

    days = Days(scope.first, scope.last, frozenset({scope.division.pk}))
    rows = counting.rows().filter(days.moments(counting.at, Team.objects.zones()), days.of_rows())
    if counting is CASES and by != By.REMEDY:  # no case is looked up with its remedies
        named = {name: column for name, column in counting.named.items() if name != "remedy"}
        sql, params = rows.values_list(*named).query.sql_with_params()
        found = f"WITH found({', '.join(named.values())}) AS ({sql})"
    else:
        statement = counting.found(rows)
        found, params = statement.sql, statement.params
    key = "CAST(date_trunc('month', day) AS date)" if by == By.MONTH else counting.named[by]
    where = "WHERE remedy_id IS NOT NULL" if counting is CASES and by == By.REMEDY else ""
    columns = ", ".join(f"{expression} AS {name}" for name, expression in sums.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"{found} SELECT {key} AS key, {columns} FROM found {where} GROUP BY 1", params
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# --- Following ---


def _following(options: argparse.Namespace) -> None:
    """Put cases right with and without a follower, in turns."""
    server = Postgres(durable=True)
    try:
        prepare(server.url, server.folder, LEEWAY_API_RATE="")
        from tests.benchmarks.clients import put_cases_right
        from tests.benchmarks.company import found
        from tests.web import running_granian

        found()
        with running_granian(workers=options.workers, threads=1) as url:

            def resolved(seed: int) -> float:
                return put_cases_right(
                    url, clients=options.clients, seconds=options.seconds, seed=seed
                ).per_second

            put_cases_right(url, clients=options.clients, seconds=5, seed=0)
            costs = []
            for number in range(1, options.rounds + 1):
                alone = resolved(2 * number)
                with _followed(options.every) as took:
                    beside = resolved(2 * number + 1)
                costs.append(1 - beside / alone)
                print(
                    f"round {number}: {alone:.1f} cases/s, followed {beside:.1f}, "
                    f"{costs[-1]:.1%} less; each time {statistics.mean(took):.2f} s",
                    flush=True,
                )
        print(f"median: {statistics.median(costs):.1%} less", flush=True)
    finally:
        server.stop()


@contextmanager
def _followed(every: float) -> Iterator[list[float]]:
    """Follow the ledger, each time after so many seconds; gives how long each took."""
    from django.db import connection
    from django.utils import timezone

    from reports.rollups.follow import follow

    took: list[float] = []
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(every / 2 if not took else every):
            took.append(_timed(lambda: follow(at=timezone.now()))[1])
        connection.close()

    follower = threading.Thread(target=go_on)
    follower.start()
    try:
        yield took
    finally:
        over.set()
        follower.join()


if __name__ == "__main__":
    main()
