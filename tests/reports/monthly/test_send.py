"""The report's mail: sent once, still owed, or not sent for a reason that is kept."""

from datetime import timedelta
from email.message import Message

import pytest

from employees.mail_queue import MailQueue, Sent
from employees.models import Employee
from reports.charts import png
from reports.charts.chart import Chart
from reports.models import MonthlyReport, NotSent, ReportDelivery
from reports.monthly.make import make_report
from reports.monthly.send import owe_again, send_due_reports
from reports.monthly.wishes import wish
from tests.cast import Cast, bring_in
from tests.companies import FORNO
from tests.races.together import together
from tests.raw_sql import execute, refused
from tests.reports.monthly.months import OCTOBER, another_manager, used
from tests.reports.monthly.months import SECOND_OF_NOVEMBER as NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


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


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_asked_for_many_times_at_once_it_is_owed_once_more() -> None:
    forno = bring_in(FORNO)
    report = made(forno)
    ReportDelivery.objects.update(sent_at=NOW, address="forno.manager@example.com")
    owed = together([lambda: owe_again(report, forno.manager, at=NOW)] * 4)
    assert [delivery.copy for delivery in owed] == [1] * 4
    assert ReportDelivery.objects.owed().count() == 1


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
    monkeypatch.setattr(MailQueue, "batch", 2)
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
