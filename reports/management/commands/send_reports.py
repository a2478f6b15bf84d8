"""`manage.py send_reports`: sends the monthly reports that are due, or one once more."""

from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Q
from django.utils import timezone

from budgets.days import read_month
from employees.counts import counted
from employees.models import Employee
from reports.models import MonthlyReport, ReportDelivery
from reports.monthly.make import make_due_reports
from reports.monthly.recipients import why_not, with_wishes
from reports.monthly.send import owe_again, send_due_reports
from reports.querysets import READERS


class Command(BaseCommand):
    """Makes what is due, sends what is owed, and says both; run again, it sends nothing twice."""

    help = (
        "Send the monthly reports that are due. With --to somebody is sent one once more, on "
        "purpose; with --month what is owed of that month is tried again at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a month, and somebody."""
        parser.add_argument(
            "--month", metavar="YYYY-MM", help="which report; the last one if you don't say"
        )
        parser.add_argument(
            "--to", metavar="USERNAME|ADDRESS", help="send it once more to this manager, or finance"
        )

    def handle(
        self, *_args: Any, month: str | None = None, to: str | None = None, **_options: Any
    ) -> None:
        """Make, owe, send and say."""
        now = timezone.now()
        which = None if month is None else _read(month)
        for report in make_due_reports(at=now):
            self.stdout.write(f"Made: {report}.")
        if to is not None:
            _owe_once_more(to, which, now)
        elif which is not None:
            _try_at_once(which, now)
        self._send(now)

    def _send(self, now: datetime) -> None:
        sent = send_due_reports(at=now).sent
        mails = counted(sent, "mail was", "mails were") if sent else "No mails were"
        self.stdout.write(f"{mails} sent.")
        owed = ReportDelivery.objects.owed().order_by("last_error").values_list("last_error")
        waiting = dict(owed.annotate(Count("pk")))  # how many, by what keeps them
        if waiting:
            still = f"{sum(waiting.values())} still owed, and tried again by itself."
            raise CommandError("\n".join([still, *filter(None, waiting)]))


def _owe_once_more(to: str, month: date | None, now: datetime) -> None:
    """Owe every division's report that they get. Raises CommandError where there is none."""
    readers = with_wishes(Employee.objects.filter(is_active=True, role__in=READERS))
    people = list(readers.filter(Q(username=to) | Q(email__iexact=to)).order_by("pk"))
    if not people:
        raise CommandError(
            f"{to} is no manager and nobody of finance: only they read a division’s figures."
        )
    told = [(person, report) for person in people for report in _reports_for(person, month)]
    if not told:
        raise CommandError("No such month has been told yet to them. Nothing was sent.")
    for person, report in told:
        if reason := why_not(person, report.division):
            raise CommandError(f"{person.called} is sent nothing: {reason.label}.")
    for person, report in told:
        owe_again(report, person, at=now)


def _reports_for(person: Employee, month: date | None) -> list[MonthlyReport]:
    """The month's report of each division that they see; without a month the last of each."""
    seen = MonthlyReport.objects.visible_to(person).select_related("division")
    if month is not None:
        return list(seen.filter(month=month).order_by("division"))
    return list({report.division_id: report for report in seen.order_by("month")}.values())


def _try_at_once(month: date, now: datetime) -> None:
    """Let what is owed of the month not wait for its next try."""
    if not MonthlyReport.objects.filter(month=month).exists():
        raise CommandError(f"{month:%B %Y} has not been told yet: that comes by itself.")
    owed = ReportDelivery.objects.owed().filter(report__month=month, claimed_at=None)
    owed.filter(due_at__gt=now).update(due_at=now)


def _read(text: str) -> date:
    try:
        return read_month(text)
    except ValueError as error:
        raise CommandError(f"{text} is not a month: write one such as 2026-10.") from error
