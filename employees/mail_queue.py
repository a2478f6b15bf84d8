"""Sends the mails that are owed: each once, or it is still owed.

What must stay true: a sender claims a row, sends its mail, and marks it sent. Two senders may run
at once: each claims its own rows. A claim that was left behind (its sender was killed) is taken
again after a while; the Message-ID is made from the row, so that a mail server, or a person, can
tell that the second copy is the first one again. One mail that can't be made, or is refused, holds
up no other.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from typing import Generic, TypeVar

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from employees.models import OwedMail

log = logging.getLogger(__name__)

CLAIM_HOLDS = timedelta(minutes=15)
FIRST_RETRY = timedelta(minutes=2)  # doubles with each failed attempt, up to:
LAST_RETRY = timedelta(hours=6)

# The mail server is there and refuses one mail, such as for its address. Any other fault of it
# would meet the next mail too.
_ONE_MAIL = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPNotSupportedError)

Row = TypeVar("Row", bound=OwedMail)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run did."""

    sent: int = 0
    failed: int = 0


class MailQueue(ABC, Generic[Row]):
    """The mails of one kind: which are owed, and what each says."""

    batch = 20  # claimed at once: few enough that a slow mail server does not outlast the claims

    @abstractmethod
    def owed(self) -> QuerySet[Row]:
        """Give those that were not sent yet, and will be."""

    @abstractmethod
    def with_all_they_say(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Join what the mails are made of."""

    @abstractmethod
    def mail(self, row: Row) -> EmailMessage | None:
        """Make the mail, or keep why there is none after all."""

    def choose(self, due: QuerySet[Row], *, at: datetime) -> list[int]:
        """Lock the next rows of those that are due, and give their numbers."""
        return list(locked(due).values_list("pk", flat=True)[: self.batch])


def locked(due: QuerySet[Row]) -> QuerySet[Row]:
    """Lock these rows, and pass over those that another sender is about to claim."""
    # SQLite has no row locks: there the transaction itself (BEGIN IMMEDIATE) is alone.
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True, of=("self",))
    return due


def send_due(queue: MailQueue[Row], *, at: datetime) -> Sent:
    """Send the mails that are due. What can't be sent stays owed, and is tried again later.

    Stops early when the mail server does not answer.
    """
    now, began = at, timezone.now()
    sent = failed = 0
    with closing(get_connection()) as server:
        while claimed := _claim(queue, now):
            for place, row in enumerate(claimed):
                try:
                    sent += _send(queue, row, server, now)
                except Exception as error:
                    failed += 1
                    if not isinstance(error, OSError | ValueError):
                        log.exception("%r can't be made, and is still owed.", row)
                    _keep_owing(queue, row, error, now)
                    if isinstance(error, OSError) and not isinstance(error, _ONE_MAIL):
                        _give_up_claims(queue, claimed[place + 1 :], now)
                        return Sent(sent, failed)
            # A claim holds from when it is made: as old as a long run, it would be taken for one
            # that was left behind, and its mail sent twice.
            now = at + (timezone.now() - began)
    return Sent(sent, failed)


def _claim(queue: MailQueue[Row], at: datetime) -> list[Row]:
    """Take the next due rows for this sender alone."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - CLAIM_HOLDS)
    with transaction.atomic():
        chosen = queue.choose(queue.owed().filter(free, due_at__lte=at), at=at)
        claimed = queue.owed().filter(pk__in=chosen)
        claimed.update(claimed_at=at, attempts=F("attempts") + 1)
    return list(queue.with_all_they_say(claimed))


def _send(queue: MailQueue[Row], row: Row, server: BaseEmailBackend, at: datetime) -> int:
    mail = queue.mail(row)
    if mail is None:
        return 0
    if not mail.recipients():  # such a mail is left unsent without a word
        raise ValueError("there is no address to send it to")
    mail.connection = server
    server.open()  # kept open for the mails that follow
    mail.send()
    return _mark_sent(queue, row, mail.to[0], at)


def _mark_sent(queue: MailQueue[Row], row: Row, address: str, at: datetime) -> int:
    """Mark it sent, unless another sender took over an old claim and has done so."""
    unsent = queue.owed().filter(pk=row.pk)
    return unsent.update(sent_at=at, address=address, last_error="")


def _keep_owing(queue: MailQueue[Row], row: Row, error: Exception, at: datetime) -> None:
    """Free our claim and try again later: after 2 minutes, 4, 8 … and then every six hours."""
    wait = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 16), LAST_RETRY)
    ours = queue.owed().filter(pk=row.pk, claimed_at=at)
    ours.update(
        claimed_at=None, due_at=at + wait, last_error=(str(error) or type(error).__name__)[:200]
    )


def _give_up_claims(queue: MailQueue[Row], rows: Sequence[Row], at: datetime) -> None:
    """Leave rows that were claimed and not tried to the next run."""
    ours = queue.owed().filter(pk__in=[row.pk for row in rows], claimed_at=at)
    # Owed anew meanwhile, it has had no attempt.
    ours.update(claimed_at=None, attempts=Greatest(F("attempts"), 1) - 1)
