"""How fast cases are put right over the API, measured against PostgreSQL itself.

`python -m tests.benchmarks.resolve`; see README.md beside this file.
"""

import argparse
import re
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.benchmarks.prepared import prepare
from tests.servers import Postgres

AGENT, CUSTOMER, REQUEST = 1_004_242, 2_012_345, UUID(int=4242)


def main() -> None:
    """Start everything, measure in turns, print each round's ratio and their median."""
    options = _options()
    server = Postgres(durable=not options.not_durable)
    try:
        prepare(server.url, server.folder, LEEWAY_API_RATE="")  # nobody is throttled
        from tests.benchmarks.company import found
        from tests.web import running_granian

        found()
        scripts = _scripts(server.folder)
        if options.show:
            print("\n".join(Path(script).read_text() for script in scripts))
            return
        with running_granian(workers=options.workers, threads=options.threads) as url:
            _measure(server, url, scripts, options)
    finally:
        server.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=10, help="of each, in each round")
    parser.add_argument("--history", type=int, default=10_000, help="cases from before")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=8, help="granian's processes")
    parser.add_argument("--threads", type=int, default=1, help="granian's threads in each")
    parser.add_argument("--show", action="store_true", help="only print the pgbench scripts")
    parser.add_argument("--not-durable", action="store_true", help="PostgreSQL without fsync")
    return parser.parse_args()


def _scripts(folder: Path) -> dict[str, int]:
    """Record a request for a known and one for a new customer; return the scripts with weights."""
    from tests.benchmarks.clients import NEW_CUSTOMERS

    weights = {f"C-{CUSTOMER}": NEW_CUSTOMERS - 1, "N-4242": 1}
    _record("C-2000001", UUID(int=1))  # load the rulebook first: it stays loaded
    scripts = {}
    for number, (customer, weight) in enumerate(weights.items()):
        path = folder / f"case{number}.sql"
        path.write_text(_record(customer, UUID(int=REQUEST.int + number)))
        path.chmod(0o644)
        scripts[str(path)] = weight
    return scripts


def _record(customer: str, request_id: UUID) -> str:
    """Send one request in this process, and turn its statements into a pgbench script."""
    from django.test import Client
    from knox.crypto import hash_token

    from resolutions.models import Case
    from tests.benchmarks import statements
    from tests.benchmarks.clients import case_told
    from tests.benchmarks.company import BUDGET_ABOVE_AGENT, token_of

    order = f"ORD-{request_id.int}"
    with statements.recorded() as recorded:
        answer = Client(HTTP_HOST="localhost").post(
            "/api/v1/cases/",
            case_told(customer, order),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {token_of(AGENT)}",
                "Idempotency-Key": str(request_id),
            },
        )
    if answer.status_code != 201:
        raise RuntimeError(answer.content.decode())
    case = Case.objects.get(pk=answer.json()["id"])
    is_new = customer.startswith("N")
    request = "lpad(to_hex(:r::bigint), 32, '0')::uuid"
    names: dict[Any, str] = {
        AGENT: ":agent",
        hash_token(token_of(AGENT)): ":agent",
        AGENT + BUDGET_ABOVE_AGENT: ":budget",
        customer: f"('{customer[:2]}' || {':r' if is_new else ':customer'}::text)",
        order: "('ORD-' || :r::text)",
        request_id: request,
        case.pk: statements.variable("resolutions_case", 1),
    }
    if is_new:
        names[case.customer_id] = statements.variable("resolutions_customer", 1)
    else:
        names[CUSTOMER] = ":customer"
    entries = [r.entry_id for r in case.resolutions.order_by("entry_id")]
    for number, entry in enumerate(entries, 1):
        names[entry] = statements.variable("budgets_ledgerentry", number)
    return statements.as_pgbench(recorded, names, _SETUP)


_SETUP = r"""
\set agent random(1000001, 1010000)
\set budget :agent + 2000000
\set customer random(2000001, 2020000)
\set r random(1000000, 9000000000000000000)
""".strip()


def _measure(
    server: Postgres, url: str, scripts: dict[str, int], options: argparse.Namespace
) -> None:
    from budgets.check import problems
    from tests.benchmarks.clients import put_cases_right

    _remember(server, scripts, options)
    put_cases_right(url, clients=options.clients, seconds=5, seed=0)  # everyone is warm
    ratios = []
    for number in range(1, options.rounds + 1):
        app = put_cases_right(url, clients=options.clients, seconds=options.seconds, seed=number)
        bench = _pgbench(server, scripts, options, "-T", str(options.seconds))
        ratios.append(app.per_second / bench)
        print(
            f"round {number}: {app.per_second:7.1f} cases/s (median {app.percentile(50):.0f} ms, "
            f"95 % within {app.percentile(95):.0f} ms), pgbench {bench:7.1f}/s, "
            f"ratio {ratios[-1]:.1%}",
            flush=True,
        )
    print(f"median ratio: {statistics.median(ratios):.1%}")
    for problem in problems():
        raise RuntimeError(f"The ledger does not add up: {problem}")


def _remember(server: Postgres, scripts: dict[str, int], options: argparse.Namespace) -> None:
    """Give the company a past: nobody plans well, PostgreSQL included, with nothing to go by."""
    from django.db import connection

    _pgbench(server, scripts, options, "-t", str(options.history // options.clients))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _pgbench(
    server: Postgres, scripts: dict[str, int], options: argparse.Namespace, *how_long: str
) -> float:
    """Transactions a second, with prepared statements and as many clients."""
    done = subprocess.run(
        [
            *(str(server.bin / "pgbench"), "-h", str(server.folder), "-U", "leeway", "-n"),
            *("-M", "prepared", "-c", str(options.clients), "-j", "2", *how_long),
            *(word for path, weight in scripts.items() for word in ("-f", f"{path}@{weight}")),
            "leeway",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tempfile.gettempdir(),
    )
    if done.returncode or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])  # type: ignore[index]


if __name__ == "__main__":
    main()
