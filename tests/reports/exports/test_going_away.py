"""Whoever pulls and goes away frees the database at once, with the program's real web server."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from knox.models import AuthToken

from employees.models import Employee
from reports.models import ExportRun, Outcome
from tests.cast import Cast
from tests.raw_sql import execute
from tests.web import running_granian

pytestmark = pytest.mark.django_db(transaction=True)

CASES = 60_000  # some 15 MB, more than sockets and the server hold back
AT_ONCE = 2.0  # seconds


@pytest.fixture
def server() -> Iterator[str]:
    """The program, where one export at a time may run."""
    with running_granian(threads=2, extra_environment={"LEEWAY_EXPORTS_AT_ONCE": "1"}) as url:
        yield url


def many_cases(company: Cast) -> None:
    """Write them past the program: what is in them does not matter here."""
    execute(
        "INSERT INTO resolutions_case (division_id, reason_code_id, channel, order_reference, "
        "facts, note, state, second_failure, opened_at, outcome_note, handed_over_to, "
        "external_reference) "
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
        "SELECT %s, %s, 'phone', 'ORD-' || n || %s, '{}', '', 'open', false, '2026-11-01', '', "
        "'', '' FROM numbers",
        CASES,
        company.division.pk,
        company.reasons["late"].pk,
        "-" + "x" * 60,
    )


def ask(server: str, token: str, kind: str = "csv") -> socket.socket:
    """Ask for all cases, and read no more than the beginning."""
    address = urlsplit(server)
    line = socket.create_connection((address.hostname, address.port), timeout=20)
    line.sendall(
        f"GET /api/v1/exports/cases/?format={kind} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\n\r\n".encode()
    )
    return line


def token_of(person: Employee) -> str:
    return str(AuthToken.objects.create(user=person)[1])


def test_going_away_frees_the_connection_at_once(
    server: str, forno: Cast, head_office: dict[str, Employee]
) -> None:
    many_cases(forno)
    token = token_of(head_office["finance"])

    line = ask(server, token)
    assert b" 200 " in line.recv(1000)
    run = within(AT_ONCE, lambda: ExportRun.objects.filter(outcome=Outcome.RUNNING).first())
    refused = ask(server, token)
    assert b" 429 " in refused.recv(1000)  # the one place is taken
    refused.close()
    line.close()

    ended = within(AT_ONCE, lambda: ExportRun.objects.exclude(outcome=Outcome.RUNNING).first())
    assert (ended, ended.outcome) == (run, Outcome.BROKEN_OFF)
    assert 0 < ended.rows < CASES
    assert within(AT_ONCE, lambda: reading() == 0)
    again = ask(server, token)
    assert b" 200 " in again.recv(1000)  # the place is free again
    again.close()


def test_also_while_a_workbook_is_still_being_made(
    server: str, forno: Cast, head_office: dict[str, Employee]
) -> None:
    many_cases(forno)
    token = token_of(head_office["finance"])

    line = ask(server, token, "xlsx")
    assert b" 200 " in line.recv(1000)
    line.close()

    ended = within(AT_ONCE, lambda: ExportRun.objects.exclude(outcome=Outcome.RUNNING).first())
    assert ended.outcome == Outcome.BROKEN_OFF
    assert ended.rows < CASES


def within(seconds: float, look: Callable[[], Any]) -> Any:
    """What is seen as soon as there is something; or fail."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < until, "not within the time"
        time.sleep(0.02)
    return seen


def reading() -> int:
    """How many others read in the database now; SQLite has no server that would tell."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE 'COPY%%' AND state <> 'idle' "
            "AND pid <> pg_backend_pid() AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])
