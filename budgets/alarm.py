"""Every proof of the whole ledger is kept, and what it found is told: log, health page and mail.

What must stay true: one request is one proof, however often its message arrives; what a proof found
is mailed to the administrators once, or is still owed. The row is the queue: a sender claims it,
sends and marks it. A claim that was left behind (its sender was killed) is taken again after a
while, under the same Message-ID. Only the newest proof is news. While the ledger does not add up
it is told about once a day; when it adds up again, once.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from budgets.check import Problem, problems
from budgets.models import LedgerCheck, LedgerEntry
from employees.mail_addresses import is_mail_address, own_domain
from employees.mail_queue import CLAIM_HOLDS
from employees.models import Employee, Role

log = logging.getLogger(__name__)

KEPT = 100  # problems whose rows are kept; more would be looked for with the command anyway
KEPT_FOR = timedelta(days=400)
TOLD_AGAIN = timedelta(hours=20)  # the next night, also when the clocks are put forward


def say_in_the_log(problem: Problem) -> None:
    """Loudly."""
    log.error("Ledger: %s", problem)


def check_and_keep(
    *, request_id: UUID, at: datetime, say: Callable[[Problem], None] = say_in_the_log
) -> LedgerCheck:
    """Prove the whole ledger, say each thing that is wrong, and keep the result.

    The same request is proven once; a proof that was killed begins anew.
    """
    check, _ = LedgerCheck.objects.get_or_create(request_id=request_id, defaults={"started_at": at})
    if check.finished_at is None:
        entries, count, found = LedgerEntry.objects.count(), 0, []
        for count, problem in enumerate(problems(), 1):
            say(problem)
            if count <= KEPT:
                found.append(asdict(problem))
        # Twice at once: whoever is through first says what was found.
        LedgerCheck.objects.filter(pk=check.pk, finished_at__isnull=True).update(
            finished_at=timezone.now(), entries=entries, problems=count, found=found
        )
        check.refresh_from_db()
        LedgerCheck.objects.filter(started_at__lt=at - KEPT_FOR).delete()
    return check


def tell_administrators(*, at: datetime) -> bool:
    """Mail what the newest proof found, if that is owed; whether a mail went out.

    What can't be sent is logged and stays owed.
    """
    check = _owed(at)
    if check is None or not _claim(check, at):
        return False
    owed = LedgerCheck.objects.filter(pk=check.pk)
    try:
        sent = _alarm_mail(check, administrators()).send()
    except (OSError, ValueError) as error:
        log.error("The mail about the ledger can't be sent, and is still owed: %s", error)  # noqa: TRY400  (no traceback: it is told again and again)
        sent = 0
    if sent:
        owed.update(mailed_at=at)
    else:
        owed.update(claimed_at=None)
    return bool(sent)


def administrators() -> list[str]:
    """The addresses of those who look after the program."""
    people = Employee.objects.filter(is_active=True, role=Role.ADMINISTRATOR).order_by("pk")
    return [
        address for address in people.values_list("email", flat=True) if is_mail_address(address)
    ]


def _owed(at: datetime) -> LedgerCheck | None:
    """The newest proof, if there is news in it that nobody was told yet."""
    newest = LedgerCheck.objects.filter(finished_at__isnull=False).first()
    if newest is None or newest.mailed_at is not None:
        return None
    is_being_told = Q(claimed_at__gt=at - CLAIM_HOLDS)
    told = LedgerCheck.objects.filter(Q(mailed_at__isnull=False) | is_being_told).first()
    if told is None or not told.problems:
        return newest if newest.problems else None
    lately = told.claimed_at is not None and told.claimed_at > at - TOLD_AGAIN
    return None if newest.problems and lately else newest


def _claim(check: LedgerCheck, at: datetime) -> bool:
    """Take the mail for this sender alone."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - CLAIM_HOLDS)
    unsent = LedgerCheck.objects.filter(free, pk=check.pk, mailed_at__isnull=True)
    return bool(unsent.update(claimed_at=at))


def _alarm_mail(check: LedgerCheck, to: list[str]) -> EmailMessage:
    """Which rows break which rules and what to do; no amounts: administrators see no money."""
    if not to:
        raise ValueError("no active administrator has an address")
    about = {"check": check, "more": check.problems - len(check.found)}
    fails = bool(check.problems)
    return EmailMessage(
        subject=f"Leeway: the ledger {'does not add up' if fails else 'adds up again'}",
        body=render_to_string(
            f"budgets/mail/ledger_{'does_not_add_up' if fails else 'adds_up_again'}.txt", about
        ),
        to=to,
        headers={
            "Message-ID": f"<ledger-{check.request_id}@{own_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
