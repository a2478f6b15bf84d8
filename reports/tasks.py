"""What happens to reports by itself; beat wakes each task up."""

import logging

from celery import shared_task
from django.utils import timezone

from reports.monthly.make import make_due_reports
from reports.monthly.send import send_due_reports
from reports.rollups.follow import follow
from reports.rollups.prove import prove

log = logging.getLogger(__name__)


@shared_task
def follow_the_ledger() -> None:
    """Add up for reports what happened since the last time."""
    if days := follow(at=timezone.now()):
        log.info("Rollups: days counted anew: %d.", days)


@shared_task
def prove_rollups() -> None:
    """Prove every night that what was added up is what happened, and mend what is not."""
    log.info("Rollups proven, rows that differed: %d.", prove(at=timezone.now()))


@shared_task
def send_monthly_reports() -> None:
    """Make the reports of the month that has ended where they are due, and send what is owed."""
    try:
        if made := make_due_reports(at=timezone.now()):
            log.info("Monthly reports made: %d.", len(made))
    finally:  # what is owed already does not wait for what can't be made
        send_owed_reports()


@shared_task
def send_owed_reports() -> None:
    """Send what is owed: somebody may have asked for a report once more, and waits for it."""
    done = send_due_reports(at=timezone.now())
    if done.sent or done.failed:
        log.info("Mails of reports: %d sent, %d still owed.", done.sent, done.failed)
