"""What happens to cases by itself; beat wakes each task up."""

import logging

from celery import shared_task
from django.utils import timezone

from resolutions.followup import send_due_follow_ups

log = logging.getLogger(__name__)


@shared_task
def send_follow_ups() -> None:
    """Ask the customers whose mail is due how it went."""
    done = send_due_follow_ups(at=timezone.now())
    if done.sent or done.failed:
        log.info("Follow-up mails: %d sent, %d still owed.", done.sent, done.failed)
