"""The report's mail: sent once, still owed, or not sent for a reason that is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import Message
from smtplib import SMTPServerDisconnected
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from employees.models import Employee
from reports.charts import png
from reports.charts.chart import Chart
from reports.models import MonthlyReport, NotSent, ReportDelivery
from reports.monthly import send
from reports.monthly.make import make_report
from reports.monthly.send import owe_again, send_due_reports
from reports.monthly.wishes import wish
from resolutions.followup import CLAIM_HOLDS, Sent
from tests.cast import Cast, bring_in
from tests.companies import FORNO
from tests.raw_sql import execute, refused
from tests.reports.monthly.months import OCTOBER, used
from tests.reports.monthly.months import SECOND_OF_NOVEMBER as NOW
from tests.servers import free_port

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def another_manager(forno: Cast, name: str) -> Employee:
    return Employee.objects.create_user(
        name, f"{name}@example.com", role="manager", division=forno.division
    )


def made(forno: Cast) -> MonthlyReport:
    report = make_report(forno.division, OCTOBER, at=NOW)
    assert report is not None
    return report


def to(mails: list[Message]) -> list[str]:
    return [mail["To"] for mail in mails]


def test_each_recipient_gets_it_once(forno: Cast, smtp_sink: list[Message]) -> None:
    another_manager(forno, "kim")
    made(forno)
    assert send_due_reports(at=NOW) == Sent(sent=2)
    assert send_due_reports(at=NOW + DAY) == Sent()
    assert sorted(to(smtp_sink)) == ["forno.manager@example.com", "kim@example.com"]
    delivery = ReportDelivery.objects.get(employee=forno.manager)
    assert (delivery.sent_at, delivery.address) == (NOW, "forno.manager@example.com")


def test_with_the_mail_server_down_it_is_still_owed_and_waits_longer_each_time(
    forno: Cast, smtp_sink: list[Message], settings: Any
) -> None:
    made(forno)
    another_manager(forno, "kim")  # gets none of an old month
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    at, waits = NOW, []
    for _ in range(10):
        assert send_due_reports(at=at) == Sent(failed=1)
        row = ReportDelivery.objects.get()
        waits.append((row.due_at - at) // MINUTE)
        at = row.due_at
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert "refused" in row.last_error

    settings.EMAIL_PORT = port
    assert send_due_reports(at=at) == Sent(sent=1)
    assert len(smtp_sink) == 1


def test_a_mail_whose_sender_was_killed_is_sent_again_under_the_same_id(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(forno)

    def killed(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(send, "_mark_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            send_due_reports(at=NOW)
    assert send_due_reports(at=NOW + MINUTE) == Sent()
    assert send_due_reports(at=NOW + CLAIM_HOLDS) == Sent(sent=1)

    first, again = smtp_sink
    assert first["Message-ID"] == again["Message-ID"]


def test_what_a_long_run_claims_late_is_not_left_behind(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    another_manager(forno, "kim")
    made(forno)
    monkeypatch.setattr(send, "BATCH", 1)
    whole = EmailMultiAlternatives.send
    with time_machine.travel(NOW, tick=False) as clock:

        def slowly(mail: EmailMultiAlternatives, **_: Any) -> int:
            if not smtp_sink:
                clock.shift(CLAIM_HOLDS)
            else:  # beat wakes another sender up while the second is under way
                monkeypatch.setattr(EmailMultiAlternatives, "send", whole)
                assert send_due_reports(at=NOW + CLAIM_HOLDS) == Sent()
            return whole(mail)

        monkeypatch.setattr(EmailMultiAlternatives, "send", slowly)
        assert send_due_reports(at=NOW) == Sent(sent=2)
    assert len(set(to(smtp_sink))) == len(smtp_sink) == 2


def test_a_connection_that_breaks_in_the_middle_leaves_the_rest_owed(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kim", "lou"):
        another_manager(forno, name)
    made(forno)
    whole = EmailMultiAlternatives.send

    def break_at_second(mail: EmailMultiAlternatives, **_: Any) -> int:
        if smtp_sink:
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        return whole(mail)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", break_at_second)
        assert send_due_reports(at=NOW) == Sent(sent=1, failed=1)
    third = ReportDelivery.objects.owed().get(attempts=0)
    assert (third.claimed_at, third.due_at) == (None, NOW)
    assert send_due_reports(at=NOW + 2 * MINUTE) == Sent(sent=2)
    assert len(set(to(smtp_sink))) == len(smtp_sink) == 3


def test_one_bad_address_does_not_keep_the_others_from_their_mail(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(forno)
    made_again = another_manager(forno, "kim")
    owe_again(MonthlyReport.objects.get(), made_again, at=NOW)
    whole = EmailMultiAlternatives.send

    def refuse_one(mail: EmailMultiAlternatives, **_: Any) -> int:
        if mail.to == ["forno.manager@example.com"]:
            raise ValueError("Header values can't contain newlines")
        return whole(mail)

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse_one)
    assert send_due_reports(at=NOW) == Sent(sent=1, failed=1)
    assert to(smtp_sink) == ["kim@example.com"]


def test_whoever_no_longer_gets_it_is_not_sent_what_was_owed(
    forno: Cast, orchard: Cast, smtp_sink: list[Message]
) -> None:
    gone, moved, no_more, nowhere = (
        another_manager(forno, name) for name in ("gone", "moved", "no.more", "nowhere")
    )
    made(forno)
    everyone = Employee.objects
    everyone.filter(pk=gone.pk).update(is_active=False)
    everyone.filter(pk=moved.pk).update(division=orchard.division)
    everyone.filter(pk=nowhere.pk).update(email="")
    wish(no_more, by_mail=False, at=NOW)

    assert send_due_reports(at=NOW) == Sent(sent=1)
    assert to(smtp_sink) == ["forno.manager@example.com"]
    reasons = ReportDelivery.objects.exclude(not_sent="")
    assert dict(reasons.values_list("employee__username", "not_sent")) == {
        "gone": NotSent.NOT_THEIRS,
        "moved": NotSent.NOT_THEIRS,
        "no.more": NotSent.NO_MORE,
        "nowhere": NotSent.NO_ADDRESS,
    }
    assert send_due_reports(at=NOW + DAY) == Sent()


def test_it_can_be_sent_once_more_on_purpose_and_says_the_same(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    report = made(forno)
    send_due_reports(at=NOW)
    forno.division.name = "Forno and Figli"
    forno.division.save()
    owe_again(report, forno.manager, at=NOW + DAY)
    assert send_due_reports(at=NOW + DAY) == Sent(sent=1)

    first, second = smtp_sink
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Subject"] == second["Subject"] == "Forno: October 2026"
    copies = ReportDelivery.objects.order_by("copy").values_list("copy", "sent_at")
    assert list(copies) == [(0, NOW), (1, NOW + DAY)]


def test_what_is_still_owed_is_not_owed_twice(forno: Cast, smtp_sink: list[Message]) -> None:
    report = made(forno)
    ReportDelivery.objects.update(due_at=NOW + DAY)
    owe_again(report, forno.manager, at=NOW)
    assert send_due_reports(at=NOW) == Sent(sent=1)
    assert ReportDelivery.objects.count() == len(smtp_sink) == 1


def test_the_charts_are_drawn_once_for_all_who_get_them(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kim", "lou"):
        another_manager(forno, name)
    used(forno, OCTOBER, "10.00")
    made(forno)
    drawn = []
    draw = png.drawn

    def count(chart: Chart) -> png.Picture:
        drawn.append(chart.key)
        return draw(chart)

    monkeypatch.setattr(png, "drawn", count)
    monkeypatch.setattr(send, "BATCH", 2)
    assert send_due_reports(at=NOW) == Sent(sent=3)
    assert drawn == ["use-of-budgets"]  # nothing else has anything in it


def test_the_database_keeps_what_was_told_and_that_it_was_sent(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    made(forno)
    send_due_reports(at=NOW)
    with refused("What a monthly report told stays as it was"):
        execute("UPDATE reports_monthlyreport SET told = '{}'")
    with refused("What a monthly report told stays as it was"):
        execute("DELETE FROM reports_monthlyreport")
    with refused("A report that was sent stays sent"):
        execute("UPDATE reports_reportdelivery SET sent_at = NULL, address = ''")
    with refused("A report that was sent stays sent"):
        execute("DELETE FROM reports_reportdelivery")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(smtp_sink: list[Message]) -> None:
    forno = bring_in(FORNO)
    for number in range(24):
        another_manager(forno, f"kim{number}")
    made(forno)
    start = Barrier(4)

    def go(_: int) -> int:
        start.wait(timeout=20)
        try:
            return send_due_reports(at=NOW).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as senders:
        assert sum(senders.map(go, range(4))) == 25
    assert len(set(to(smtp_sink))) == len(smtp_sink) == 25
    assert not ReportDelivery.objects.owed().exists()
