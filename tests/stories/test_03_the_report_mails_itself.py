"""Story 3, the report: it mails itself to the manager every month, once, whatever is down.

Two years of it: what it cost against the months before the budgets, how content customers were, who
went over, and how much of the budgets was used.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import Message
from typing import Any

import pytest
import time_machine
from django.test import Client

from budgets.days import first_of_next
from employees.models import Employee
from reports.charts import png
from reports.charts.chart import Chart
from reports.models import Baseline, MonthlyReport, ReportDelivery
from reports.monthly.due import due_at
from reports.monthly.wishes import link_of
from reports.tasks import send_monthly_reports
from resolutions.models import Case, FollowUp, SurveyResponse
from tests.cast import Cast
from tests.mail import plain_text_of
from tests.putting_right import KIM_LEE, put_right, so_much
from tests.servers import free_port

FIRST = date(2026, 11, 1)
YEARS = 2
MAIL_DOWN = date(2027, 3, 1)  # for four days, from before its report is due
ALL_DOWN = date(2027, 7, 1)  # from before its report is due until the next one is due
NEW_MANAGER, NO_MORE = date(2027, 5, 15), date(2028, 2, 15)
GOES_OVER = date(2027, 4, 1)
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)

Subjects = Counter[tuple[str, str]]


def months() -> Iterator[date]:
    month = FIRST
    while month < FIRST.replace(year=FIRST.year + YEARS):
        yield month
        month = first_of_next(month)


def due(scm: Cast, month: date) -> datetime:
    """When its report is due: seven in Sydney, where by then it is over in Perth, too."""
    zones = [person.zone for person in scm.people.values()]
    return due_at(month, read_in=scm.agent.zone, worked_in=zones).astimezone(UTC)


def wake_up(at: datetime) -> None:
    """Beat wakes the job up; a message that comes twice changes nothing."""
    with time_machine.travel(at, tick=False):
        send_monthly_reports()
        send_monthly_reports()


def credits_at_once(scm: Cast, amount: str, *, at: datetime, score: int) -> None:
    """The rep credits an invoice at once, and the customer is asked and answers."""
    receipt = put_right(
        scm.agent,
        so_much("bill-credit", amount),
        reason_code="billing-dispute",
        channel="phone",
        customer=KIM_LEE,
        at=at,
    )
    FollowUp.objects.filter(case=receipt["id"]).update(sent_at=at + DAY)
    follow_up = Case.objects.get(pk=receipt["id"]).follow_up
    SurveyResponse.objects.create(follow_up=follow_up, score=score, at=at + DAY)


@pytest.fixture
def drawn_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures take most of the time, and are looked at elsewhere."""

    def draw(_: Chart) -> png.Picture:
        return png.Picture(b"\x89PNG", 1, 1)

    monkeypatch.setattr(png, "drawn", draw)


@pytest.mark.once
@pytest.mark.usefixtures("drawn_in_no_time")
def test_every_report_of_two_years_comes_once(
    scm: Cast, head_office: dict[str, Employee], smtp_sink: list[Message], settings: Any
) -> None:
    Baseline.objects.create(
        division=scm.division,
        period="January to June 2026",
        months=6,
        cost_a_month=Decimal("400.00"),
        satisfaction=Decimal("3.20"),
        first_contact_percent=Decimal(62),
    )
    port, second = settings.EMAIL_PORT, None
    for month in months():
        # Enough to be read from in the month that is looked at below, and the one before.
        for day in range(5, 10 if MAIL_DOWN <= month <= GOES_OVER else 6):
            credits_at_once(
                scm, "35.00", at=datetime(month.year, month.month, day, tzinfo=UTC), score=4
            )
        if month == GOES_OVER:
            credits_at_once(
                scm, "50.00", at=datetime(month.year, month.month, 11, tzinfo=UTC), score=5
            )
        if month == NEW_MANAGER.replace(day=1):
            second = Employee.objects.create_user(
                "scm.second", "second@example.com", role="manager", division=scm.division
            )
        if month == NO_MORE.replace(day=1) and second:
            Client().post(f"/reports/mails/{link_of(second)}/")
        at = due(scm, month)
        if month == ALL_DOWN:
            continue  # and told with the next one
        wake_up(at - QUARTER)
        before = len(smtp_sink)
        settings.EMAIL_PORT = free_port() if month == MAIL_DOWN else port
        wake_up(at)
        if month == MAIL_DOWN:
            for hour in range(0, 4 * 24, 12):
                wake_up(at + timedelta(hours=hour))
            assert len(smtp_sink) == before, "nobody could be sent anything"
            settings.EMAIL_PORT = port
            wake_up(at + 4 * DAY + timedelta(hours=6))
        assert len(smtp_sink) > before
        wake_up(at + QUARTER)

    assert_each_came_once(scm, second, smtp_sink)
    assert_it_tells_the_story(smtp_sink)


def assert_each_came_once(scm: Cast, second: Employee | None, mails: list[Message]) -> None:
    told = list(MonthlyReport.objects.order_by("month").values_list("month", flat=True))
    assert told == list(months())
    assert not ReportDelivery.objects.owed().exists()
    came = Counter((mail["To"], mail["Subject"]) for mail in mails)
    assert second is not None
    hoped: Subjects = Counter()
    for month in months():
        subject = f"{scm.division.name}: {month:%B %Y}"
        hoped[scm.manager.email, subject] = hoped["finance@example.com", subject] = 1
        if NEW_MANAGER.replace(day=1) <= month < NO_MORE.replace(day=1):
            hoped[second.email, subject] = 1
    assert came == hoped
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)


def assert_it_tells_the_story(mails: list[Message]) -> None:
    """The month in which the rep went over their 200.00, as the manager read it."""
    (mail,) = (
        mail
        for mail in mails
        if mail["To"].startswith("scm.manager") and mail["Subject"].endswith("April 2027")
    )
    text = plain_text_of(mail).replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "April 2027",
        "April cost A$225.00, which is 29 % more than in March.",
        "44 % less than before Leeway (A$400.00)",
        "Satisfaction: 4.2 of 5 (6 of 6 answered)",
        "0.2 more than in March (4.0 of 5)",
        "1.0 more than before Leeway (3.2 of 5)",
        "Solved at first contact: ",
        "Over budget: 100 % (1 of 1 person’s month)",
        "all together used 113 %",
        "Before Leeway: January to June 2026.",
    ):
        assert words in text, text
