"""Monthly reports come once to everyone, whoever is killed while they are made and sent."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from employees.mail_queue import CLAIM_HOLDS, LAST_RETRY
from employees.models import Employee
from reports.models import MonthlyReport, ReportDelivery
from tests.cast import Cast
from tests.jobs.programs import SEND_REPORTS, Program, Programs, messages, send
from tests.mail import Sink
from tests.putting_right import put_right, so_much
from tests.servers import Redis, free_port

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DUE = datetime(2026, 11, 2, 12, tzinfo=UTC)  # seven in New York, and after that in London
SEED = 20261102
MANAGERS = 20
AT_MOST = 0.6  # seconds until somebody is killed: all is sent in little more, undisturbed


class MailServer:
    """A mail server that can go away and come back; it keeps what it was sent."""

    def __init__(self) -> None:
        self.sink = Sink()
        self.port = free_port()
        self.begin()

    def begin(self) -> None:
        """Take mails again."""
        self._server = Controller(self.sink, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def go_away(self) -> None:
        """Refuse connections from now on, and drop those that are open."""
        self._server.stop()


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    server = MailServer()
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{server.port}")
    try:
        yield server
    finally:
        server.go_away()


@pytest.fixture
def due(forno: Cast, orchard: Cast) -> None:
    """October of two divisions is due, each with many managers."""
    for company, remedy in ((forno, "money-off"), (orchard, "voucher")):
        put_right(company.agent, so_much(remedy, "5.00"), at=DUE - timedelta(days=20))
        for number in range(MANAGERS):
            name = f"{company.division.code}.manager{number}"
            Employee.objects.create_user(
                name, f"{name}@example.com", role="manager", division=company.division
            )


def test_each_report_comes_once_whatever_is_killed(
    due: None, redis: Redis, mail_server: MailServer, tmp_path: Path
) -> None:
    random, now = Random(SEED), DUE
    with Programs(tmp_path, redis, at=now, pictures="small") as programs:
        worker = programs.worker()
        for victim in ("process", "mail", "process", "redis", "worker", "process"):
            send(redis, SEND_REPORTS, times=2)
            time.sleep(random.uniform(0, AT_MOST))
            worker = kill(victim, worker, programs, redis, mail_server)
            # What was claimed by who is gone, or could not be sent, is tried again after a while.
            now += CLAIM_HOLDS
            programs.move(now)
        programs.move(now + LAST_RETRY)
        send(redis, SEND_REPORTS)
        programs.wait_until(lambda: all_are_sent() and messages(redis) == (0, 0))

    assert told() == [("forno", date(2026, 10, 1)), ("orchard", date(2026, 10, 1))]
    deliveries = ReportDelivery.objects.values_list("report__division__code", "address")
    mails = {mail["Message-ID"]: mail for mail in mail_server.sink.messages}
    assert len(mails) == len(deliveries) == 2 * (MANAGERS + 1)
    assert sorted(mail["To"] for mail in mails.values()) == sorted(to for _, to in deliveries)


def kill(
    victim: str, worker: Program, programs: Programs, redis: Redis, mail_server: MailServer
) -> Program:
    """Kill it with -9 in the middle of whatever it does, and start it again; the worker then."""
    match victim:
        case "process":
            worker.kill_child()
        case "worker":
            worker.kill()
            return programs.worker("another")
        case "redis":
            redis.crash()
            redis.begin()
        case "mail":
            mail_server.go_away()
            programs.wait_until(lambda: some_failed() or all_are_sent())
            mail_server.begin()
    return worker


def all_are_sent() -> bool:
    return MonthlyReport.objects.count() == 2 and not ReportDelivery.objects.owed().exists()


def some_failed() -> bool:
    return ReportDelivery.objects.exclude(last_error="").exists()


def told() -> list[Any]:
    return sorted(MonthlyReport.objects.values_list("division__code", "month"))
