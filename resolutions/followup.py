"""The mail that asks the customer how it went: owed from the moment a case is put right.

What must stay true: each case is asked about once, and a mail is sent, still owed, or not sent for
a reason that is kept: see `whom_to_ask.py`. The row is the queue: a sender claims it, sends, and
marks it sent. A claim that was left behind (its sender was killed) is taken again after a while;
the Message-ID is made from the case, so that a mail server, or a person, can tell that the second
copy is the first one again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import TYPE_CHECKING

from django.core.mail import get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from resolutions.followup_mail import follow_up_mail
from resolutions.models import Case, CaseState, FollowUp
from resolutions.whom_to_ask import choose_alone, leave_in_peace, one_to_each

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

BATCH = 20  # few enough that a slow mail server does not outlast the claims
CLAIM_HOLDS = timedelta(minutes=15)
FIRST_RETRY = timedelta(minutes=2)  # doubles with each failed attempt, up to:
LAST_RETRY = timedelta(hours=6)

# The mail server is there and refuses one mail, such as for its address. Any other failure would
# meet the next mail too.
ONE_MAIL = (
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPDataError,
    SMTPNotSupportedError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run did."""

    sent: int = 0
    failed: int = 0


def owe_follow_up(case: Case, *, at: datetime, again: bool = False) -> None:
    """Owe the customer of the case a mail, once, if they have an address.

    With `again` the case was there before and is put right only now: a mail that has not been
    sent is due anew, and whether they are asked is looked at anew. The caller holds the
    transaction that puts the case right.
    """
    if case.customer is None or not case.customer.email:
        return
    due_at = at + timedelta(hours=case.division.survey_delay_hours)
    unsent = FollowUp.objects.filter(case=case, sent_at__isnull=True)
    if again and unsent.update(due_at=due_at, attempts=0, not_asked=""):
        return
    # A case that is put right a second time has its row already: one statement, no race.
    FollowUp.objects.bulk_create([FollowUp(case=case, due_at=due_at)], ignore_conflicts=True)


def send_due_follow_ups(*, at: datetime) -> Sent:
    """Send the mails that are due. What can't be sent stays owed, and is tried again later.

    Two senders may run at once: each claims its own rows. Stops early when the mail server does
    not answer.
    """
    now, began = at, timezone.now()
    sent = failed = 0
    with_server = get_connection()
    try:
        while claimed := _claim(now):
            for place, row in enumerate(claimed):
                try:
                    _send(with_server, row)
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


def _claim(at: datetime) -> list[FollowUp]:
    """Take the next due rows for this sender alone.

    A case that is open again is not asked about before it is put right once more.
    """
    held_since = at - CLAIM_HOLDS
    due = FollowUp.objects.filter(
        Q(claimed_at__isnull=True) | Q(claimed_at__lte=held_since),
        sent_at__isnull=True,
        not_asked="",
        due_at__lte=at,
        case__state=CaseState.PUT_RIGHT,
        case__customer__email__gt="",
    )
    with transaction.atomic():
        choose_alone()
        leave_in_peace(due, at=at)
        # SQLite has no row locks: there the transaction itself (BEGIN IMMEDIATE) is alone.
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        claimed = one_to_each(due, BATCH, held_since=held_since)
        FollowUp.objects.filter(pk__in=claimed).update(claimed_at=at, attempts=F("attempts") + 1)
    return list(
        FollowUp.objects.filter(pk__in=claimed).with_what_was_given().order_by("due_at", "pk")
    )


def _send(with_server: "BaseEmailBackend", row: FollowUp) -> None:
    mail = follow_up_mail(row)
    mail.connection = with_server
    with_server.open()  # kept open for the mails that follow
    mail.send()


def _mark_sent(row: FollowUp, at: datetime) -> int:
    """Mark it sent, unless another sender took over an old claim and has done so."""
    return FollowUp.objects.filter(pk=row.pk, sent_at__isnull=True).update(
        sent_at=at, last_error=""
    )


def _keep_owing(row: FollowUp, error: Exception, at: datetime) -> None:
    """Free the claim and try again later: after 2 minutes, 4, 8 … and then every six hours."""
    wait = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 16), LAST_RETRY)
    FollowUp.objects.filter(pk=row.pk, sent_at__isnull=True).update(
        claimed_at=None, due_at=at + wait, last_error=(str(error) or type(error).__name__)[:200]
    )


def _give_up_claims(rows: Sequence[FollowUp], at: datetime) -> None:
    """Leave rows that were claimed and not tried to the next run."""
    FollowUp.objects.filter(pk__in=[row.pk for row in rows], claimed_at=at).update(
        claimed_at=None, attempts=F("attempts") - 1
    )
