"""Sends the reports that are owed: to each recipient once, or they are still owed.

The row is the queue: a sender claims it, sends, and marks it sent. A claim that was left behind
(its sender was killed) is taken again after a while; the Message-ID is made from the row, so that
a mail server, or a person, can tell that the second copy is the first one again. Whoever does not
get the report any more, or does not want it, is not sent one that was owed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.mail import get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models import F, Max, Prefetch, Q
from django.utils import timezone

from employees.models import Employee
from reports.models import MonthlyReport, NotSent, ReportDelivery
from reports.monthly.mail import Letter, report_mail
from reports.monthly.recipients import why_not, with_wishes
from resolutions.followup import CLAIM_HOLDS, FIRST_RETRY, LAST_RETRY, ONE_MAIL, Sent

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

BATCH = 20  # few enough that a slow mail server does not outlast the claims


def send_due_reports(*, at: datetime) -> Sent:
    """Send the mails that are due. What can't be sent stays owed, and is tried again later.

    Two senders may run at once: each claims its own rows. Stops early when the mail server does
    not answer.
    """
    now, began = at, timezone.now()
    sent = failed = 0
    letters: dict[int, Letter] = {}
    with_server = get_connection()
    try:
        while claimed := _claim(now):
            for place, row in enumerate(claimed):
                if reason := why_not(row.employee, row.report.division):
                    _drop(row, reason)
                    continue
                try:
                    _send(with_server, row, letters)
                except (OSError, ValueError) as error:
                    failed += 1
                    _keep_owing(row, error, now)
                    if not isinstance(error, ONE_MAIL):
                        _give_up_claims(claimed[place + 1 :], now)
                        return Sent(sent, failed)
                else:
                    sent += _mark_sent(row, now)
            # A claim holds from when it is made: as old as a long run, it would be taken for one
            # that was left behind, and its mail sent twice.
            now = at + (timezone.now() - began)
    finally:
        with_server.close()
    return Sent(sent, failed)


def owe_again(report: MonthlyReport, employee: Employee, *, at: datetime) -> ReportDelivery:
    """Owe somebody a report once more: a second mail, on purpose, which is a row of its own.

    One that is still owed is due now instead.
    """
    own = ReportDelivery.objects.filter(report=report, employee=employee)
    with transaction.atomic():
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


def _claim(at: datetime) -> list[ReportDelivery]:
    """Take the next due rows for this sender alone."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - CLAIM_HOLDS)
    due = ReportDelivery.objects.owed().filter(free, due_at__lte=at)
    due = due.order_by("due_at", "report", "pk")
    with transaction.atomic():
        # SQLite has no row locks: there the transaction itself (BEGIN IMMEDIATE) is alone.
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        claimed = list(due.values_list("pk", flat=True)[:BATCH])
        ReportDelivery.objects.filter(pk__in=claimed).update(
            claimed_at=at, attempts=F("attempts") + 1
        )
    return list(
        ReportDelivery.objects.filter(pk__in=claimed)
        .select_related("report__division")
        .prefetch_related(Prefetch("employee", with_wishes(Employee.objects.all())))
        .order_by("due_at", "report", "pk")
    )


def _send(with_server: "BaseEmailBackend", row: ReportDelivery, letters: dict[int, Letter]) -> None:
    if row.report_id not in letters:
        letters.clear()  # rows of a report come one after the other: one letter is enough
        letters[row.report_id] = Letter.of(row.report)
    mail = report_mail(row, letters[row.report_id])
    mail.connection = with_server
    with_server.open()  # kept open for the mails that follow
    mail.send()


def _mark_sent(row: ReportDelivery, at: datetime) -> int:
    """Mark it sent, unless another sender took over an old claim and has done so."""
    return ReportDelivery.objects.filter(pk=row.pk, sent_at__isnull=True).update(
        sent_at=at, address=row.employee.email, last_error=""
    )


def _drop(row: ReportDelivery, reason: NotSent) -> None:
    """Do not send it any more, and keep why."""
    ReportDelivery.objects.filter(pk=row.pk, sent_at__isnull=True).update(not_sent=reason)


def _keep_owing(row: ReportDelivery, error: Exception, at: datetime) -> None:
    """Free the claim and try again later: after 2 minutes, 4, 8 … and then every six hours."""
    wait = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 16), LAST_RETRY)
    ReportDelivery.objects.filter(pk=row.pk, sent_at__isnull=True).update(
        claimed_at=None, due_at=at + wait, last_error=(str(error) or type(error).__name__)[:200]
    )


def _give_up_claims(rows: Sequence[ReportDelivery], at: datetime) -> None:
    """Leave rows that were claimed and not tried to the next run."""
    ReportDelivery.objects.filter(pk__in=[row.pk for row in rows], claimed_at=at).update(
        claimed_at=None, attempts=F("attempts") - 1
    )
