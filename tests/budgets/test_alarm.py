"""Every proof of the ledger is kept, and a failure is loud: the log, and a mail, once."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection

from budgets import alarm
from budgets.alarm import KEPT, check_and_keep, tell_administrators
from budgets.check import Problem
from budgets.models import Budget, LedgerCheck
from budgets.tasks import check_ledger, tell_of_the_ledger
from employees.mail_queue import CLAIM_HOLDS
from employees.models import Employee, Role
from tests.budgets.wrong import change, month_of, spend
from tests.cast import Cast, bring_in_head_office
from tests.races.together import together
from tests.servers import free_port

NIGHT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
A_DAY = timedelta(days=1)
FAILS, FITS = "Leeway: the ledger does not add up", "Leeway: the ledger adds up again"


@pytest.fixture(autouse=True)
def _at_night() -> Iterator[None]:
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def month(forno: Cast, head_office: dict[str, Employee]) -> Budget:
    """A driver's month in which 5.00 was spent; the administrator has an address."""
    budget = month_of(forno)
    spend(budget, "5.00")
    return budget


def corrupt(month: Budget) -> None:
    change(month, spent="4.99")


def repair(month: Budget) -> None:
    change(month, spent="5.00")
    call_command("migrate", verbosity=0, interactive=False)  # the guards stand again


def check(at: datetime = NIGHT) -> LedgerCheck:
    """As the task does every night."""
    kept = check_and_keep(request_id=uuid4(), at=at)
    tell_administrators(at=at)
    return kept


def subjects(mails: list[Message]) -> list[str]:
    return [mail["Subject"] for mail in mails]


def text(mail: Message) -> str:
    body: str = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    return body.replace("\r\n", "\n")


def test_a_check_that_finds_nothing_is_kept_and_told_to_nobody(
    month: Budget, smtp_sink: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    check_ledger()

    kept = LedgerCheck.objects.get()
    assert (kept.started_at, kept.finished_at) == (NIGHT, NIGHT)
    assert (kept.entries, kept.problems, kept.found, kept.mailed_at) == (2, 0, [], None)
    assert "Ledger checked: it adds up." in caplog.text
    assert smtp_sink == []


def test_a_failure_is_kept_logged_and_mailed(
    month: Budget, smtp_sink: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    corrupt(month)
    check_ledger()

    row = f"budget {month.pk} of forno.driver1, November 2026"
    rule = "What is spent is what its entries took, less what they gave back."
    kept = LedgerCheck.objects.get()
    what = "It says $4.99; $5.00 would be right."
    assert kept.found[0] == {"row": row, "rule": rule, "what": what}
    assert len(kept.found) == min(kept.problems, KEPT)
    errors = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert len(errors) == kept.problems
    assert errors[0] == f"Ledger: {row}: {rule} {what}"

    (mail,) = smtp_sink
    assert (mail["Subject"], mail["To"]) == (FAILS, "admin@example.com")
    for words in (row, rule, "manage.py check_ledger", "22 November 2026, 02:30 UTC"):
        assert words in text(mail)
    for amount in ("4.99", "5.00", "$"):
        assert amount not in text(mail)  # administrators see no money


@pytest.mark.once
def test_only_active_administrators_with_an_address_are_told(
    month: Budget, smtp_sink: list[Message], forno: Cast
) -> None:
    others: list[dict[str, Any]] = [
        {"email": ""},
        {"email": "no address"},
        {"is_active": False},
        {"role": Role.MANAGER},
        {},
    ]
    for number, more in enumerate(others):
        columns = {"email": f"{number}@example.com", "role": Role.ADMINISTRATOR}
        Employee.objects.create(
            username=f"other{number}", division=forno.division, **{**columns, **more}
        )
    corrupt(month)
    check()

    (mail,) = smtp_sink
    assert mail["To"] == "admin@example.com, 4@example.com"


@pytest.mark.once
def test_a_hundred_problems_are_kept_and_mailed_and_all_are_counted(
    month: Budget, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Problem(f"budget {number}", "Rule.") for number in range(KEPT + 23)]
    monkeypatch.setattr(alarm, "problems", lambda: iter(many))
    kept = check()

    assert (kept.problems, len(kept.found)) == (123, 100)
    assert "does not add up in 123 places:" in text(smtp_sink[0])
    assert "  - budget 99\n    Rule.\n  - and 23 more\n" in text(smtp_sink[0])


def test_a_task_delivered_twice_checks_once_and_mails_once(
    month: Budget, smtp_sink: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    corrupt(month)
    task_id = str(uuid4())
    check_ledger.apply(task_id=task_id, throw=True)
    first = LedgerCheck.objects.values().get()
    caplog.clear()
    check_ledger.apply(task_id=task_id, throw=True)

    assert "Ledger: " not in caplog.text
    assert LedgerCheck.objects.values().get() == first
    assert subjects(smtp_sink) == [FAILS]


def test_a_check_that_was_killed_begins_anew_under_its_own_row(
    month: Budget, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = uuid4()

    def killed() -> Iterator[Problem]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(alarm, "problems", killed)
        with pytest.raises(KeyboardInterrupt):
            check_and_keep(request_id=request_id, at=NIGHT)
    assert LedgerCheck.objects.get().finished_at is None
    assert not tell_administrators(at=NIGHT)  # there is nothing to tell yet

    check_and_keep(request_id=request_id, at=NIGHT)
    assert LedgerCheck.objects.get().finished_at == NIGHT


@pytest.mark.once
def test_a_failure_that_lasts_is_told_every_night_and_not_more_often(
    month: Budget, smtp_sink: list[Message]
) -> None:
    corrupt(month)
    for hours in (0, 1, 12, 23, 47):  # the clocks were put forward in the first night
        check(NIGHT + timedelta(hours=hours))
    assert subjects(smtp_sink) == [FAILS, FAILS, FAILS]


def test_when_it_adds_up_again_one_mail_says_so(month: Budget, smtp_sink: list[Message]) -> None:
    corrupt(month)
    check()
    repair(month)
    check(NIGHT + A_DAY)
    check(NIGHT + 2 * A_DAY)

    assert subjects(smtp_sink) == [FAILS, FITS]
    assert "read 2 entries and found nothing wrong" in text(smtp_sink[1])


def test_a_mail_that_can_not_be_sent_is_logged_and_goes_out_later(
    month: Budget,
    smtp_sink: list[Message],
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    corrupt(month)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    check_ledger()
    assert "can't be sent, and is still owed" in caplog.text
    kept = LedgerCheck.objects.get()
    assert (kept.problems > 0, kept.claimed_at, kept.mailed_at) == (True, None, None)

    settings.EMAIL_PORT = port
    tell_of_the_ledger()
    tell_of_the_ledger()
    assert subjects(smtp_sink) == [FAILS]
    assert LedgerCheck.objects.get().mailed_at == NIGHT


@pytest.mark.once
def test_without_an_administrators_address_the_mail_stays_owed(
    month: Budget, smtp_sink: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    Employee.objects.filter(role=Role.ADMINISTRATOR).update(email="")
    corrupt(month)
    check()
    assert "no active administrator has an address" in caplog.text

    Employee.objects.filter(role=Role.ADMINISTRATOR).update(email="admin@example.com")
    assert tell_administrators(at=NIGHT)
    assert subjects(smtp_sink) == [FAILS]


def test_a_mail_whose_sender_was_killed_is_sent_again_under_the_same_id(
    month: Budget, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    corrupt(month)
    send = EmailMessage.send

    def killed(mail: EmailMessage) -> int:
        send(mail)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            check()
    assert not tell_administrators(at=NIGHT + timedelta(minutes=1))
    assert tell_administrators(at=NIGHT + CLAIM_HOLDS)

    first, again = smtp_sink
    assert first["Message-ID"] == again["Message-ID"]


def test_only_the_newest_check_is_news(
    month: Budget, smtp_sink: list[Message], settings: Any
) -> None:
    corrupt(month)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    check()
    settings.EMAIL_PORT = port
    newest = check(NIGHT + A_DAY)
    assert not tell_administrators(at=NIGHT + A_DAY)

    (mail,) = smtp_sink
    assert str(newest.request_id) in mail["Message-ID"]


@pytest.mark.once
def test_a_failure_that_nobody_heard_of_is_not_called_off(
    month: Budget, smtp_sink: list[Message], settings: Any
) -> None:
    corrupt(month)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    check()
    settings.EMAIL_PORT = port
    repair(month)
    check(NIGHT + A_DAY)
    assert smtp_sink == []


def test_the_command_tells_like_the_night_does(month: Budget, smtp_sink: list[Message]) -> None:
    corrupt(month)
    for _ in range(2):
        with pytest.raises(CommandError):
            call_command("check_ledger")
    repair(month)
    call_command("check_ledger")
    assert subjects(smtp_sink) == [FAILS, FITS]


def test_checks_of_more_than_a_year_ago_are_forgotten(month: Budget) -> None:
    for days in (0, 10, 400, 401):
        check(NIGHT + timedelta(days=days))
    kept = [(kept.started_at - NIGHT).days for kept in LedgerCheck.objects.order_by("pk")]
    assert kept == [10, 400, 401]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_senders_at_once_send_one_mail(smtp_sink: list[Message]) -> None:
    bring_in_head_office()
    LedgerCheck.objects.create(started_at=NIGHT, finished_at=NIGHT, problems=1)

    outcomes = together([lambda: tell_administrators(at=NIGHT)] * 8)

    assert sorted(outcomes) == [False] * 7 + [True]
    assert subjects(smtp_sink) == [FAILS]
    connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_request_eight_times_at_once_is_one_check() -> None:
    request_id = uuid4()
    kept = together([lambda: check_and_keep(request_id=request_id, at=NIGHT)] * 8)
    assert {check.pk for check in kept} == {LedgerCheck.objects.get().pk}
