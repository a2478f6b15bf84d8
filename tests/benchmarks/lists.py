"""How quick the first and the last page of the API's lists are, with a million rows in each.

`python -m tests.benchmarks.lists`; see README.md beside this file.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.benchmarks.prepared import prepare
from tests.servers import Postgres

if TYPE_CHECKING:
    from employees.models import Employee
    from tests.benchmarks.long_lists import LongLists

TIMES = 15
PAGE = 50


def main() -> None:
    """Found the company and read every list at its beginning and at its end."""
    options = _options()
    server = None if options.url else Postgres(durable=True)
    with tempfile.TemporaryDirectory(prefix="leeway-lists-") as folder:
        try:
            prepare(
                options.url or server.url,  # type: ignore[union-attr]
                Path(folder),
                LEEWAY_API_RATE="",
                ALLOWED_HOSTS="testserver",
                LOG_LEVEL="ERROR",
            )
            from tests.benchmarks import long_lists

            company = long_lists.found(options.rows)
            long_lists.analyze()
            _measure(company, explain=options.explain)
        finally:
            if server:
                server.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--explain", action="store_true", help="show PostgreSQL's plans, too")
    parser.add_argument("--url", help="an empty database to use instead of one of its own")
    return parser.parse_args()


def _measure(company: "LongLists", *, explain: bool) -> None:
    manager, agent = company.forno.manager, company.forno.agent
    entries = f"budgets/{company.owed.pk}/entries/"
    print(f"{'list':64} {'first':>8} {'last':>8}   last / first   (medians of {TIMES})")
    for who, path, query in (
        (manager, "cases/", {}),
        (manager, "cases/", {"ordering": "opened_at"}),
        (manager, "cases/", {"ordering": "-ended_at"}),
        (company.finance, "cases/", {}),
        (company.finance, "cases/", {"ordering": "ended_at"}),
        (company.orchard.manager, "cases/", {}),
        (company.forno.lead, "cases/", {}),
        (agent, "cases/", {}),
        (manager, "cases/", {"state": "open"}),
        (manager, "cases/", {"team": "Queens"}),
        (manager, "cases/", {"reason_code": "wrong-order"}),
        (manager, "cases/", {"remedy": "voucher"}),
        (manager, "cases/", {"opened_from": "2024-06-01", "opened_to": "2024-07-01"}),
        (manager, "cases/", {"ended_from": "2024-06-01", "ended_to": "2024-07-01"}),
        (
            manager,
            "cases/",
            {"ended_from": "2024-06-01", "ended_to": "2024-07-01", "ordering": "ended_at"},
        ),
        (company.finance, "cases/", {"order_reference": "ORD-4711"}),
        (company.finance, "cases/", {"customer": "C-4711"}),
        (company.finance, "cases/", {"division": "orchard"}),
        (manager, "budgets/", {}),
        (company.finance, "budgets/", {}),
        (company.finance, "budgets/", {"ordering": "month"}),
        (company.orchard.manager, "budgets/", {}),
        (manager, "budgets/", {"month": "2025-03"}),
        (manager, "budgets/", {"team": "Queens"}),
        (manager, "budgets/", {"kind": "fund"}),
        (agent, "budgets/", {}),
        (manager, entries, {}),
        (manager, entries, {"ordering": "id"}),
    ):
        _report(who, path, dict(query), explain=explain)


def _report(who: "Employee", path: str, query: dict[str, str], *, explain: bool) -> None:
    from tests.api.client import Api

    api = Api(type(who)._default_manager.get(pk=who.pk))
    last = _cursor_of_last_page(api, path, query)
    times = {}
    for page in ({}, {"cursor": last} if last else None):
        if page is not None:
            times[bool(page)] = _median(api, path, query | page, explain=explain)
    what = f"{who.username:18} {path}{'?' if query else ''}{urlencode(query)}"
    end = f"{times[True]:8.1f}   {times[True] / times[False]:.2f}" if last else "   one page"
    print(f"{what:64} {times[False]:8.1f} {end}", flush=True)


def _median(api: Any, path: str, query: dict[str, str], *, explain: bool) -> float:
    """How many milliseconds it takes, in the process: no connection, no server around it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        answer = api.get(path, **query)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.content
    if explain:
        with CaptureQueriesContext(connection) as made:
            api.get(path, **query)
        for one in made.captured_queries:
            if float(one["time"]) > 0.005:
                print(one["time"], one["sql"])
                with connection.cursor() as cursor:
                    cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + one["sql"].replace("%", "%%"))
                    print("\n".join(line for (line,) in cursor.fetchall()))
    return statistics.median(taken)


def _cursor_of_last_page(api: Any, path: str, query: dict[str, str]) -> str:
    """Where the last page begins: told by the same list in the other order."""
    from urllib.parse import parse_qs, urlsplit

    from config.api import paging

    told = {}

    def note(pages: Any, rows: Any, request: Any, view: Any = None) -> Any:
        order = paging._order_asked_for(request, view)
        rows = paging._in_order(rows, order, backwards=True)[: PAGE + 1]
        pages._request, pages._order, found = request, order, list(rows)
        if len(found) > PAGE:
            told["address"] = pages._address_of(found[-1], backwards=False)
        pages._next = pages._previous = None
        return []

    usual, paging.Pages.paginate_queryset = paging.Pages.paginate_queryset, note  # type: ignore[method-assign, assignment]
    try:
        assert api.get(path, **query).status_code == 200
    finally:
        paging.Pages.paginate_queryset = usual  # type: ignore[method-assign]
    return parse_qs(urlsplit(told["address"]).query)["cursor"][0] if told else ""


if __name__ == "__main__":
    main()
