"""What happens to cases by itself; beat wakes each task up."""

import logging

from celery import shared_task
from django.utils import timezone

from resolutions import surveys
from resolutions.followup import send_due_follow_ups
from resolutions.review_sample import owe_sample
from resolutions.trying import runner

log = logging.getLogger(__name__)


@shared_task
def send_follow_ups() -> None:
    """Ask the customers whose mail is due how it went."""
    done = send_due_follow_ups(at=timezone.now())
    if done.sent or done.failed:
        log.info("Follow-up mails: %d sent, %d still owed.", done.sent, done.failed)


@shared_task
def list_low_scores() -> None:
    """Have low scores looked at that were sent by a page alone, once they stand."""
    surveys.list_low_scores(at=timezone.now())


@shared_task
def draw_sample() -> None:
    """Have a few of yesterday's cases looked at, too."""
    if drawn := owe_sample(at=timezone.now()):
        log.info("Cases drawn to be looked at: %d.", drawn)


@shared_task
def run_trials() -> None:
    """Run the trials that were too long to wait for, and those whose runner was killed."""
    if ran := runner.run_waiting_trials():
        log.info("Trials run: %d.", ran)


@shared_task
def sweep_trials() -> None:
    """Delete the trials of long ago, with all that they found."""
    log.info("Old trials deleted: %d.", runner.sweep_old_trials(at=timezone.now()))
