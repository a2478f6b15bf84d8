"""What happens to the money by itself; beat wakes each task up."""

import logging

from celery import shared_task

from budgets.check import problems

log = logging.getLogger(__name__)


@shared_task
def check_ledger() -> None:
    """Prove every night that the ledger adds up, and say loudly where it does not."""
    found = list(problems())
    for problem in found:
        log.error("Ledger: %s: %s", problem.row, problem.what)
    log.info("Ledger checked: %s.", f"{len(found)} problems" if found else "it adds up")
