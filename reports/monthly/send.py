"""Sends the reports that are owed: to each recipient once, or they are still owed.

Whoever does not get the report any more, or does not want it, is not sent one that was owed.
"""

from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet

from employees.mail_queue import MailQueue, Sent, send_due
from employees.models import Employee
from reports.models import MonthlyReport, ReportDelivery
from reports.monthly.mail import Letter, report_mail
from reports.monthly.recipients import why_not, with_wishes


class Reports(MailQueue[ReportDelivery]):
    """The mails of monthly reports. What all recipients of one read is made once."""

    def __init__(self) -> None:
        self._letters: dict[int, Letter] = {}

    def owed(self) -> QuerySet[ReportDelivery]:
        """Those that were not sent yet, and will be."""
        return ReportDelivery.objects.owed()

    def with_all_they_say(self, rows: QuerySet[ReportDelivery]) -> QuerySet[ReportDelivery]:
        """Joined with report and division, and the employee with what they wish."""
        return rows.select_related("report__division").prefetch_related(
            Prefetch("employee", with_wishes(Employee.objects.all()))
        )

    def mail(self, row: ReportDelivery) -> EmailMessage | None:
        """One recipient's mail; None for whoever gets none any more, which is kept."""
        if reason := why_not(row.employee, row.report.division):
            self.owed().filter(pk=row.pk).update(not_sent=reason)
            return None
        if row.report_id not in self._letters:
            self._letters.clear()  # rows of a report come one after the other: one is enough
            self._letters[row.report_id] = Letter.of(row.report)
        return report_mail(row, self._letters[row.report_id])


def send_due_reports(*, at: datetime) -> Sent:
    """Send the reports whose mails are due."""
    return send_due(Reports(), at=at)


def owe_again(report: MonthlyReport, employee: Employee, *, at: datetime) -> ReportDelivery:
    """Owe somebody a report once more: a second mail, on purpose, which is a row of its own.

    One that is still owed is due now instead.
    """
    own = ReportDelivery.objects.filter(report=report, employee=employee)
    with transaction.atomic():
        # Asked twice at once, the second finds what the first has owed.
        MonthlyReport.objects.select_for_update(no_key=True).get(pk=report.pk)
        owed = own.owed().order_by("copy").first()
        if owed is not None:
            own.filter(pk=owed.pk).update(due_at=at)
            return owed
        last = own.aggregate(last=Max("copy"))["last"]
        return ReportDelivery.objects.create(
            report=report,
            employee=employee,
            copy=0 if last is None else last + 1,
            owed_at=at,
            due_at=at,
        )
