"""The mail that asks the customer how it went: owed from the moment a case is put right.

What must stay true: each case is asked about once, and a mail is sent, still owed, or not sent for
a reason that is kept: see `whom_to_ask.py`.
"""

from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import QuerySet

from employees.mail_queue import CLAIM_HOLDS, MailQueue, Sent, locked, send_due
from resolutions.followup_mail import follow_up_mail
from resolutions.models import Case, CaseState, FollowUp
from resolutions.whom_to_ask import asked_lately, choose_alone, leave_in_peace, one_to_each


class FollowUps(MailQueue[FollowUp]):
    """The mails that ask how it went."""

    def owed(self) -> QuerySet[FollowUp]:
        """Those that were not sent yet, and will be."""
        return FollowUp.objects.owed()

    def choose(self, due: QuerySet[FollowUp], *, at: datetime) -> list[int]:
        """One mail to an address, where nothing speaks against it.

        A case that is open again is not asked about before it is put right once more.
        """
        choose_alone()
        lately = asked_lately(at)
        leave_in_peace(due, lately=lately)
        put_right = due.filter(case__state=CaseState.PUT_RIGHT)
        return one_to_each(
            locked(put_right), self.batch, lately=lately, held_since=at - CLAIM_HOLDS
        )

    def with_all_they_say(self, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        """Joined with customer, division and what was given."""
        return FollowUp.objects.filter(pk__in=rows).with_what_was_given()

    def mail(self, row: FollowUp) -> EmailMessage:
        """One case's mail."""
        return follow_up_mail(row)


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
    """Ask the customers whose mails are due."""
    return send_due(FollowUps(), at=at)
