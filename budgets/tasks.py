"""What happens to the money by itself; beat wakes each task up."""

import logging
from uuid import UUID, uuid4

from celery import Task, shared_task
from django.utils import timezone

from budgets import open_many
from budgets.alarm import check_and_keep, tell_administrators

log = logging.getLogger(__name__)


@shared_task(bind=True)
def check_ledger(self: Task) -> None:
    """Prove every night that the ledger adds up, and say loudly where it does not."""
    request_id = UUID(self.request.id) if self.request.id else uuid4()
    check = check_and_keep(request_id=request_id, at=timezone.now())
    log.info(
        "Ledger checked: %s.", f"{check.problems} problems" if check.problems else "it adds up"
    )
    tell_administrators(at=timezone.now())


@shared_task
def tell_of_the_ledger() -> None:
    """Send the mail about the newest check, if it is still owed."""
    tell_administrators(at=timezone.now())


@shared_task
def open_months() -> None:
    """Open the new month for everyone for whom it has begun: full again, from midnight on."""
    opened = open_many.open_months(at=timezone.now())
    log.info("Months opened: %d.", opened)
