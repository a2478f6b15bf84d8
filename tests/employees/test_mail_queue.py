"""Mails that are owed, of each kind: sent once, still owed, and none holds up another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from smtplib import SMTPServerDisconnected
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import connection

from employees import mail_queue
from employees.mail_queue import CLAIM_HOLDS, MailQueue, Sent, send_due
from employees.models import OwedMail
from reports.monthly.make import make_report
from reports.monthly.send import Reports
from resolutions.followup import FollowUps
from resolutions.problem import CustomerDetails
from tests.cast import Cast, bring_in
from tests.companies import FORNO
from tests.reports.monthly.months import OCTOBER, another_manager
from tests.servers import free_port
from tests.surveys import A_DAY, owed

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Kind:
    """One kind of mails, and how some come to be owed."""

    queue: type[MailQueue[Any]]
    owe: Callable[[Cast, int], None]

    def send(self, at: datetime) -> Sent:
        return send_due(self.queue(), at=at)

    def row(self) -> OwedMail:
        row: OwedMail = self.queue().owed().get()
        return row


def owe_follow_ups(forno: Cast, many: int) -> None:
    for number in range(many):
        customer = CustomerDetails(f"{number}", "Kim", f"kim{number}@example.com")
        owed(forno, at=NOW - A_DAY, customer=customer)


def owe_reports(forno: Cast, many: int) -> None:
    forno.manager.is_active = False
    forno.manager.save()
    for number in range(many):
        another_manager(forno, f"kim{number}")
    assert make_report(forno.division, OCTOBER, at=NOW)


KINDS = {
    "follow-ups": Kind(FollowUps, owe_follow_ups),
    "reports": Kind(Reports, owe_reports),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[EmailMessage], Any]], None]:
    """Does something before each mail goes out: `sending(break_it)`."""
    whole = EmailMessage.send

    def before_each(act: Callable[[EmailMessage], Any]) -> None:
        def send(mail: EmailMessage, *args: Any, **kwargs: Any) -> int:
            act(mail)
            return whole(mail, *args, **kwargs)

        monkeypatch.setattr(EmailMessage, "send", send)

    return before_each


def each_once(mails: list[Message]) -> set[str]:
    """Who was sent one; nobody two."""
    assert len({mail["To"] for mail in mails}) == len(mails)
    return {mail["To"] for mail in mails}


def kims(*numbers: int) -> set[str]:
    return {f"kim{number}@example.com" for number in numbers}


def test_a_mail_is_sent_when_it_is_due_and_once(
    kind: Kind, forno: Cast, smtp_sink: list[Message]
) -> None:
    kind.owe(forno, 1)
    row = kind.row()
    assert kind.send(NOW - MINUTE) == Sent()
    assert kind.send(NOW) == Sent(sent=1)
    assert kind.send(NOW + 9 * A_DAY) == Sent()
    assert each_once(smtp_sink) == kims(0)
    row.refresh_from_db()
    assert (row.sent_at, row.address) == (NOW, "kim0@example.com")


def test_more_than_one_batch_goes_out_in_one_run(
    kind: Kind, forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MailQueue, "batch", 2)
    kind.owe(forno, 5)
    assert kind.send(NOW) == Sent(sent=5)
    assert each_once(smtp_sink) == kims(0, 1, 2, 3, 4)


def test_with_the_mail_server_down_all_are_still_owed(
    kind: Kind, forno: Cast, smtp_sink: list[Message], settings: Any
) -> None:
    kind.owe(forno, 2)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    assert kind.send(NOW) == Sent(failed=1)
    second, first = kind.queue().owed().order_by("due_at")
    assert "refused" in first.last_error
    assert (first.attempts, first.claimed_at, first.due_at) == (1, None, NOW + 2 * MINUTE)
    assert (second.attempts, second.claimed_at, second.due_at) == (0, None, NOW)

    settings.EMAIL_PORT = port
    assert kind.send(NOW + 2 * MINUTE) == Sent(sent=2)
    assert each_once(smtp_sink) == kims(0, 1)


def test_the_wait_between_attempts_grows_to_six_hours(
    kind: Kind, forno: Cast, smtp_sink: list[Message], settings: Any
) -> None:
    kind.owe(forno, 1)
    settings.EMAIL_PORT = free_port()
    at, waits = NOW, []
    for _ in range(10):
        kind.send(at)
        waits.append((kind.row().due_at - at) // MINUTE)
        at = kind.row().due_at
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert smtp_sink == []


def test_a_connection_that_breaks_in_the_middle_leaves_the_rest_owed(
    kind: Kind, forno: Cast, smtp_sink: list[Message], sending: Any
) -> None:
    kind.owe(forno, 3)
    tried = []

    def break_at_second(mail: EmailMessage) -> None:
        tried.append(mail)
        if len(tried) == 2:
            raise SMTPServerDisconnected("Connection unexpectedly closed")

    sending(break_at_second)
    assert kind.send(NOW) == Sent(sent=1, failed=1)
    untried = kind.queue().owed().get(attempts=0)
    assert (untried.claimed_at, untried.due_at) == (None, NOW)
    assert kind.send(NOW + 2 * MINUTE) == Sent(sent=2)
    assert each_once(smtp_sink) == kims(0, 1, 2)


@pytest.mark.parametrize("fault", [ValueError("Header values can't contain newlines"), KeyError()])
def test_one_that_can_not_be_made_holds_up_no_other(
    kind: Kind, forno: Cast, smtp_sink: list[Message], sending: Any, fault: Exception
) -> None:
    kind.owe(forno, 2)

    def refuse_one(mail: EmailMessage) -> None:
        if mail.to == ["kim0@example.com"]:
            raise fault

    sending(refuse_one)
    assert kind.send(NOW) == Sent(sent=1, failed=1)
    assert each_once(smtp_sink) == kims(1)
    row = kind.row()
    assert (row.claimed_at, row.due_at) == (None, NOW + 2 * MINUTE)
    assert row.last_error == (str(fault) or "KeyError")


def test_a_fault_of_ours_is_told_in_the_log_with_its_place(
    kind: Kind, forno: Cast, sending: Any, caplog: pytest.LogCaptureFixture
) -> None:
    kind.owe(forno, 1)

    def fail(_: EmailMessage) -> None:
        raise KeyError

    sending(fail)
    kind.send(NOW)
    assert "can't be made, and is still owed" in caplog.text
    assert "Traceback" in caplog.text


def test_a_mail_whose_sender_was_killed_is_sent_again_under_the_same_id(
    kind: Kind, forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind.owe(forno, 1)

    def killed(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mail_queue, "_mark_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            kind.send(NOW)
    assert kind.send(NOW + MINUTE) == Sent()
    assert kind.send(NOW + CLAIM_HOLDS) == Sent(sent=1)

    first, again = smtp_sink
    assert first["Message-ID"] == again["Message-ID"]


def test_who_fails_late_frees_no_claim_of_another(
    kind: Kind, forno: Cast, smtp_sink: list[Message], sending: Any
) -> None:
    kind.owe(forno, 1)
    taken_over_at = NOW + CLAIM_HOLDS

    def fail_late(_: EmailMessage) -> None:
        kind.queue().owed().update(claimed_at=taken_over_at)
        raise SMTPServerDisconnected("Timed out")

    sending(fail_late)
    assert kind.send(NOW) == Sent(failed=1)
    assert kind.row().claimed_at == taken_over_at


def test_what_a_long_run_claims_late_is_not_left_behind(
    kind: Kind,
    forno: Cast,
    smtp_sink: list[Message],
    monkeypatch: pytest.MonkeyPatch,
    sending: Any,
) -> None:
    kind.owe(forno, 2)
    monkeypatch.setattr(MailQueue, "batch", 1)
    with time_machine.travel(NOW, tick=False) as clock:

        def slowly(_: EmailMessage) -> None:
            if not smtp_sink:
                clock.shift(CLAIM_HOLDS)
            elif len(smtp_sink) == 1:  # beat wakes another sender up while the second is sent
                assert kind.send(NOW + CLAIM_HOLDS) == Sent()

        sending(slowly)
        assert kind.send(NOW) == Sent(sent=2)
    assert each_once(smtp_sink) == kims(0, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_senders_at_once_send_each_mail_once(kind: Kind, smtp_sink: list[Message]) -> None:
    kind.owe(bring_in(FORNO), 24)
    start = Barrier(4)

    def send(_: int) -> int:
        start.wait(timeout=20)
        try:
            return kind.send(NOW).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as senders:
        assert sum(senders.map(send, range(4))) == 24
    assert each_once(smtp_sink) == kims(*range(24))
    assert not kind.queue().owed().exists()
