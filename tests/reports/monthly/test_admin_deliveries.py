"""Administrators see to whom a report was mailed and what keeps it, and not what it tells."""

import pytest
from django.utils import timezone

from employees.models import Employee
from reports.models import MonthlyReport, NotSent, ReportDelivery
from tests.admin.desk import Desk, address
from tests.cast import Cast
from tests.pages import words
from tests.reports.monthly.months import OCTOBER

pytestmark = pytest.mark.once


@pytest.fixture
def admin(head_office: dict[str, Employee]) -> Desk:
    return Desk(head_office["admin"])


@pytest.fixture
def mails(forno: Cast) -> list[ReportDelivery]:
    """One that is owed, one that was sent, and one that will not be."""
    report = MonthlyReport.objects.create(
        division=forno.division, month=OCTOBER, told={"sentences": ["It cost $1,450.00."]}
    )
    to = {"report": report, "employee": forno.manager, "due_at": timezone.now()}
    return [
        ReportDelivery.objects.create(**to, attempts=3, last_error="[Errno 111] refused"),
        ReportDelivery.objects.create(
            **to, copy=1, sent_at=timezone.now(), address="sofia@example.com"
        ),
        ReportDelivery.objects.create(**to, copy=2, not_sent=NotSent.NO_MORE),
    ]


@pytest.mark.parametrize(("standing", "which"), [("owed", 0), ("sent", 1), ("not-sent", 2)])
def test_the_list_is_narrowed_to_how_they_stand(
    admin: Desk, mails: list[ReportDelivery], standing: str, which: int
) -> None:
    assert len(admin.list(ReportDelivery)) == 3
    assert admin.list(ReportDelivery, standing=standing) == [mails[which]]


def test_why_it_was_not_sent_is_told_and_not_what_it_tells(
    admin: Desk, mails: list[ReportDelivery]
) -> None:
    pages = [admin.client.get(address(ReportDelivery, "changelist")), *map(admin.page, mails)]
    told = [words(page) for page in pages]
    for said in ("Forno · October 2026", "Owed: [Errno 111] refused", "They asked for no more"):
        assert said in told[0]
    assert "sofia@example.com" in told[2]
    assert not any("1,450" in page for page in told)


def test_nothing_is_changed_there(admin: Desk, mails: list[ReportDelivery]) -> None:
    for page in ("change", "delete"):
        assert admin.client.post(address(ReportDelivery, page, mails[0].pk)).status_code == 403
    assert admin.client.get(address(ReportDelivery, "add")).status_code == 403


def test_a_manager_has_no_such_list(forno: Cast, mails: list[ReportDelivery]) -> None:
    desk = Desk(forno.manager)
    assert desk.client.get(address(ReportDelivery, "changelist")).status_code == 403
    assert desk.page(mails[0]).status_code == 403
