"""`manage.py send_reports` sends what is due, and a report once more to whom it is named."""

from datetime import timedelta
from email.message import Message
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from employees.models import Employee
from reports.models import MonthlyReport, ReportDelivery
from reports.monthly.make import make_report
from reports.monthly.wishes import wish
from reports.tasks import send_monthly_reports
from tests.cast import Cast
from tests.reports.monthly.months import OCTOBER
from tests.reports.monthly.months import SECOND_OF_NOVEMBER as NOW
from tests.reports.monthly.test_make import begun
from tests.servers import free_port

pytestmark = pytest.mark.once


def run(*arguments: str) -> str:
    said = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("send_reports", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def due(forno: Cast, head_office: dict[str, Employee]) -> None:
    """Forno's October is due."""
    begun(forno)


def test_without_anything_said_it_sends_what_is_due_and_says_so(
    due: None, smtp_sink: list[Message]
) -> None:
    assert run() == "Made: Forno · October 2026.\n2 mails were sent.\n"
    assert run() == "No mails were sent.\n"
    assert len(smtp_sink) == 2


def test_the_task_does_the_same(due: None, smtp_sink: list[Message]) -> None:
    with time_machine.travel(NOW, tick=False):
        send_monthly_reports()
        send_monthly_reports()
    assert len(smtp_sink) == 2


@pytest.mark.parametrize("to", ["forno.manager", "Forno.Manager@example.com"])
@pytest.mark.parametrize("month", [[], ["--month", "2026-10"]])
def test_somebody_is_sent_one_once_more(
    due: None, smtp_sink: list[Message], to: str, month: list[str]
) -> None:
    run()
    assert run("--to", to, *month) == "1 mail was sent.\n"
    assert [mail["To"] for mail in smtp_sink].count("forno.manager@example.com") == 2
    copies = ReportDelivery.objects.filter(employee__username="forno.manager")
    assert sorted(copies.values_list("copy", flat=True)) == [0, 1]


def test_finance_of_the_group_is_sent_each_division_once_more(
    due: None, orchard: Cast, smtp_sink: list[Message]
) -> None:
    make_report(orchard.division, OCTOBER, at=NOW, by_mail=False)
    run()
    smtp_sink.clear()
    assert run("--to", "finance") == "2 mails were sent.\n"
    assert sorted(mail["Subject"] for mail in smtp_sink) == [
        "Forno: October 2026",
        "Orchard: October 2026",
    ]


def test_what_waits_for_its_next_try_is_tried_at_once(
    due: None, smtp_sink: list[Message], settings: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    with pytest.raises(CommandError, match="2 still owed, and tried again by itself"):
        run()
    settings.EMAIL_PORT = port
    with pytest.raises(CommandError, match="1 still owed"):
        run()  # one failed and waits for two minutes
    assert run("--month", "2026-10") == "1 mail was sent.\n"
    assert len(smtp_sink) == 2


def test_what_keeps_them_is_told_each_once(
    due: None, forno: Cast, smtp_sink: list[Message]
) -> None:
    run()
    for copy, error in enumerate(("timed out", "refused", "", "refused"), 1):
        ReportDelivery.objects.create(
            report=MonthlyReport.objects.get(),
            employee=forno.manager,
            copy=copy,
            due_at=NOW + timedelta(hours=1),
            last_error=error,
        )
    with pytest.raises(CommandError) as refusal:
        run()
    assert str(refusal.value) == "4 still owed, and tried again by itself.\nrefused\ntimed out"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--month", "october"], "october is not a month: write one such as 2026-10."),
        (["--month", "2026-13"], "2026-13 is not a month"),
        (["--month", "2026-09"], "September 2026 has not been told yet"),
        (["--month", "2026-09", "--to", "forno.manager"], "No such month has been told"),
        (["--to", "forno.driver1"], "forno.driver1 is no manager and nobody of finance"),
        (["--to", "someone@example.org"], "someone@example.org is no manager"),
        (["--to", "forno.left"], "forno.left is no manager"),
        (["--to", "no.more"], "is sent nothing: They asked for no more of these mails."),
    ],
)
def test_what_can_not_be_is_said_and_nothing_sent(
    due: None, forno: Cast, smtp_sink: list[Message], arguments: list[str], says: str
) -> None:
    run()
    smtp_sink.clear()
    for name in ("forno.left", "no.more"):
        person = Employee.objects.create_user(
            name, f"{name}@example.com", role="manager", division=forno.division
        )
        if name == "no.more":
            wish(person, by_mail=False, at=NOW)
        else:
            Employee.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert says in str(refusal.value)
    assert smtp_sink == []
