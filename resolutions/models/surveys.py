"""Asking the customer how it went: the mail that is owed, what they answered, and who is not asked.

What must stay true: a case is asked about once; a mail is sent, still owed, or not sent for a
reason that is kept; there is one answer to a mail, from 1 to 5; whoever asked for no more mails
gets none from that division.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from employees.models import Division, OwedMail, not_blank
from employees.transactions import TransactionField
from resolutions.models.cases import Case
from resolutions.querysets import SurveyResponseQuerySet
from resolutions.survey_querysets import FollowUpQuerySet


class NotAsked(models.TextChoices):
    """Why a customer is not asked after all."""

    ASKED_LATELY = "asked-lately", "They were asked about another case lately"
    NO_MORE = "no-more", "They asked for no more of these mails"
    NO_ADDRESS = "no-address", "They have no address any more"
    NOT_PUT_RIGHT = "not-right", "It was not put right in the end"


class FollowUp(OwedMail):
    """The mail that asks the customer how it went.

    `not_asked` says why it will not be sent. `scanned_at` is when a program, and no person, was
    seen to follow its links: from then on only a tap on the page counts.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="follow_up")
    not_asked = models.CharField(max_length=12, choices=NotAsked.choices, blank=True, db_default="")
    scanned_at = models.DateTimeField(null=True, blank=True)
    transaction_id = TransactionField()

    objects = FollowUpQuerySet.as_manager()

    class Meta(OwedMail.Meta):
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, not_asked=""),
                name="mails_owed",
            ),
            models.Index(fields=["transaction_id"], name="mails_of_a_transaction"),
            models.Index(
                Lower("address"), "sent_at", condition=Q(address__gt=""), name="mails_by_address"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(not_asked=""), name="mail_is_sent_or_not"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False) | Q(address=""), name="mail_went_out_or_nowhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {'sent' if self.sent_at else self.not_asked or 'owed'}"


class Aspect(models.TextChoices):
    """What a customer's answer is about, if they say so."""

    SPEED = "speed", "How quickly it went"
    REMEDY = "remedy", "What I was given"
    PERSON = "person", "The person I spoke to"
    AGAIN = "again", "Having to tell it again"
    OTHER = "other", "Something else"


_ABOUT: dict[str, str] = {  # the same, as colleagues read it
    Aspect.SPEED: "how quickly it went",
    Aspect.REMEDY: "what they were given",
    Aspect.PERSON: "the person they spoke to",
    Aspect.AGAIN: "having to tell it again",
    Aspect.OTHER: "something else",
}


class SurveyResponse(models.Model):
    """What the customer answered: 1 (not at all put right) to 5 (entirely), and in their words.

    They may change it while the link in the mail is good; `at` stays when they first answered.
    `by_hand` is whether a person is known to have said it, by a tap on the page; otherwise the page
    that a link in the mail opens sent it by itself.
    """

    WORST, BEST, LOW = 1, 5, 2  # a score of LOW or less is low

    follow_up = models.OneToOneField(FollowUp, models.PROTECT, related_name="response")
    score = models.PositiveSmallIntegerField()
    aspect = models.CharField(max_length=8, choices=Aspect.choices, blank=True)
    comment = models.TextField(blank=True)
    by_hand = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    transaction_id = TransactionField()

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["-changed_at"], name="responses_lately"),
            models.Index(fields=["transaction_id"], name="responses_of_a_transaction"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="score_is_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} of {self.BEST}"

    @property
    def about(self) -> str:
        """What it is about, for who reads it; "" where they did not say."""
        return _ABOUT.get(self.aspect, "")

    @property
    def quoted(self) -> str:
        """Their own words, as such; "" where there are none."""
        return f"“{self.comment}”" if self.comment else ""


class SurveyOptOut(models.Model):
    """An address, in small letters, that a division sends no such mails to any more."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="survey_opt_outs")
    email = models.EmailField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["division", "email"], name="opted_out_once"),
            models.CheckConstraint(condition=not_blank("email"), name="opt_out_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.email
