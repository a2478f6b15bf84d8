"""The monthly reports as pages: what was told then; and saying whether one wants them by mail."""

from email.message import Message
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from budgets.days import month_before
from employees.mail_queue import Sent
from employees.models import Employee
from reports.models import MonthlyReport, ReportDelivery
from reports.monthly.make import make_report
from reports.monthly.send import send_due_reports
from reports.monthly.wishes import link_of, wants_it, wish
from reports.tasks import send_owed_reports
from tests.cast import Cast
from tests.pages import client_of, words
from tests.queries import assert_queries
from tests.reports.monthly.months import OCTOBER, SECOND_OF_NOVEMBER, SEPTEMBER, spent

pytestmark = pytest.mark.once
REPORT = "/reports/monthly/forno/2026-10/"


@pytest.fixture
def told(forno: Cast, orchard: Cast) -> None:
    """October of both was told; Forno's cost 300.00 then."""
    for company in (forno, orchard):
        spent(company, OCTOBER, "300.00")
        make_report(company.division, OCTOBER, at=SECOND_OF_NOVEMBER)


def test_a_page_says_what_was_told_then(forno: Cast, told: None) -> None:
    spent(forno, OCTOBER, "99.00")
    forno.division.name = "Forno and Figli"
    forno.division.save()
    page = words(client_of(forno.manager).get(REPORT))
    assert "Forno: October 2026" in page
    assert "$300.00" in page
    assert "$399.00" not in page


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("forno.manager", {"forno"}),
        ("orchard.manager", {"orchard"}),
        ("finance", {"forno", "orchard"}),
        ("forno.finance", {"forno"}),
    ],
)
def test_managers_and_finance_see_their_divisions_and_no_other(
    forno: Cast, told: None, head_office: dict[str, Employee], who: str, sees: set[str]
) -> None:
    Employee.objects.create_user("forno.finance", role="finance", division=forno.division)
    client = client_of(Employee.objects.get(username=who))
    listed = client.get("/reports/monthly/").content.decode()
    for code in ("forno", "orchard"):
        page = f"/reports/monthly/{code}/2026-10/"
        assert (page in listed) == (code in sees)
        assert client.get(page).status_code == (200 if code in sees else 404)


@pytest.mark.parametrize("who", ["forno.driver1", "forno.lead1", "admin"])
def test_the_others_have_no_door(told: None, head_office: dict[str, Employee], who: str) -> None:
    client = client_of(Employee.objects.get(username=who))
    for page in ("/reports/monthly/", REPORT, "/reports/mails/"):
        assert client.get(page).status_code == 403
    assert "sign-in" in Client().get(REPORT)["Location"]


@pytest.mark.parametrize(
    "month", ["2026-09", "2026-13", "2026-1", "october", "0000-01", "2026-10-01", "٢٠٢٦-١٠"]
)
def test_what_was_not_told_is_not_there(forno: Cast, told: None, month: str) -> None:
    assert client_of(forno.manager).get(f"/reports/monthly/forno/{month}/").status_code == 404


def test_without_a_report_the_list_says_when_the_first_comes(forno: Cast) -> None:
    page = words(client_of(forno.manager).get("/reports/monthly/"))
    assert "The first report comes when a month is over" in page


def test_a_page_and_the_list_take_few_queries(
    forno: Cast, told: None, head_office: dict[str, Employee]
) -> None:
    make_report(forno.division, SEPTEMBER, at=SECOND_OF_NOVEMBER)
    client = client_of(head_office["finance"])
    door = ["session", "employee"]
    with assert_queries([*door, "monthlyreport", "division", "reportpreference"]):
        client.get("/reports/monthly/")
    with assert_queries([*door, "monthlyreport", "reportpreference"]):
        client.get(REPORT)


def test_the_list_has_the_newest_of_each_division_and_a_way_to_the_others(
    forno: Cast, told: None, head_office: dict[str, Employee]
) -> None:
    report = MonthlyReport.objects.get(division=forno.division)
    earlier = [month_before(OCTOBER, months=back) for back in range(1, 15)]
    MonthlyReport.objects.bulk_create(
        MonthlyReport(division=forno.division, month=month, told=report.told) for month in earlier
    )
    client = client_of(head_office["finance"])
    page = words(client.get("/reports/monthly/"))
    assert "October 2025 of Forno All 15 of Forno" in page
    assert "September 2025" not in page
    whole = words(client.get("/reports/monthly/?division=forno"))
    assert "August 2025 of Forno Those of every division" in whole
    assert "Orchard" not in whole
    assert words(client.get("/reports/monthly/?division=nowhere")) == page


def test_one_says_on_a_page_whether_one_wants_it(forno: Cast) -> None:
    client = client_of(forno.manager, enforce_csrf_checks=False)
    assert "It comes to you" in words(client.get("/reports/mails/"))
    for by_mail, says in (("no", "It does not come to you"), ("yes", "It comes to you")):
        answer = client.post("/reports/mails/", {"by_mail": by_mail}, follow=True)
        assert says in words(answer)
        assert wants_it(forno.manager) == (by_mail == "yes")


def test_one_has_a_report_sent_once_more(forno: Cast, told: None, smtp_sink: list[Message]) -> None:
    client = client_of(forno.manager)
    ReportDelivery.objects.exclude(employee=forno.manager).delete()
    assert send_due_reports(at=SECOND_OF_NOVEMBER) == Sent(sent=1)
    assert "Send it to forno.manager@example.com" in words(client.get(REPORT))
    for _ in range(2):  # pressed twice is sent once
        page = client.post(REPORT, follow=True)
        assert "It is on its way to forno.manager@example.com." in words(page)
    send_owed_reports()
    assert [mail["Subject"] for mail in smtp_sink] == ["Forno: October 2026"] * 2


def test_whoever_waits_for_a_report_waits_no_longer_than_a_minute() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["send-owed-reports"]
    assert (entry["task"], entry["schedule"]) == (send_owed_reports.name, 60)


@pytest.mark.parametrize(
    ("lacks", "says"),
    [("wish", "when you want these mails again"), ("address", "has entered your address")],
)
def test_who_is_mailed_nothing_reads_why(forno: Cast, told: None, lacks: str, says: str) -> None:
    if lacks == "wish":
        wish(forno.manager, by_mail=False, at=SECOND_OF_NOVEMBER)
    else:
        Employee.objects.filter(pk=forno.manager.pk).update(email="")
    client = client_of(forno.manager)
    owed = ReportDelivery.objects.count()
    page = words(client.post(REPORT, follow=True))
    assert says in page
    assert "Send it to" not in page
    assert ReportDelivery.objects.count() == owed


def from_mail(employee: Employee) -> str:
    return f"/reports/mails/{link_of(employee)}/"


def test_a_link_in_a_mail_says_no_more_without_signing_in(forno: Cast) -> None:
    stranger, page = Client(enforce_csrf_checks=True), from_mail(forno.manager)
    for _ in range(2):  # a program that follows links changes nothing
        answer = stranger.get(page)
        assert "No more of these mails" in words(answer)
    assert stranger.head(page).status_code == 200
    assert wants_it(forno.manager)

    answer = stranger.post(page, {"by_mail": "no"})
    assert "It does not come to you" in words(answer)
    assert not wants_it(forno.manager)
    stranger.post(page, {"by_mail": "yes"})
    assert wants_it(forno.manager)


def test_a_mail_programs_own_button_says_no_more(forno: Cast) -> None:
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(from_mail(forno.manager), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not wants_it(forno.manager)


def test_such_a_page_tells_nothing_of_them_and_is_not_kept(forno: Cast) -> None:
    answer = Client().get(from_mail(forno.manager))
    said = answer.content.decode()
    for told in (forno.manager.username, forno.manager.email, "Forno"):
        assert told not in said
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_only_our_own_links_open_it(forno: Cast, settings: Any) -> None:
    good = link_of(forno.manager)
    number, _, signature = good.partition(":")
    other = f"{int(number) + 1}:{signature}"
    left = link_of(forno.agent)  # signed, but of somebody who gets no reports
    for link in (other, good[:-1], f"{good}x", number, "x", left):
        assert Client().get(f"/reports/mails/{link}/").status_code == 404
        assert Client().post(f"/reports/mails/{link}/", {"by_mail": "no"}).status_code == 404
    assert wants_it(forno.manager)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert Client().get(f"/reports/mails/{good}/").status_code == 200


def test_saying_it_twice_is_saying_it_once(forno: Cast) -> None:
    for _ in range(2):
        wish(forno.manager, by_mail=False, at=SECOND_OF_NOVEMBER)
    assert not wants_it(forno.manager)
