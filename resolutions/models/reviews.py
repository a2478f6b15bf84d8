"""What is looked at afterwards, and what a lead said of it.

What must stay true: looking afterwards undoes nothing; a decision waits once for each reason, is
never looked at by who took it, and what was said of it stays.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from employees.models import Employee, Team, not_blank
from resolutions.models.cases import Case
from resolutions.review_querysets import ReviewQuerySet


class ReviewReason(models.TextChoices):
    """Why something is looked at afterwards."""

    GRACE = "grace", "A little further than the limit"
    OVER_BUDGET = "over-budget", "Over the month’s budget"
    RULE = "rule", "A rule asks for it"
    GIVEN_BACK = "given-back", "Given back by who gave it"
    LOW_SCORE = "low-score", "The customer was not content"
    SAMPLE = "sample", "One of a few at random"


class ReviewOutcome(models.TextChoices):
    """What a lead said of it."""

    BACKED = "backed", "Backed"
    WITH_A_NOTE = "with-a-note", "Backed, with a note to learn from"


class Review(models.Model):
    """Something in a case that is looked at afterwards: whose it is, why, and what was said of it.

    `employee` is who took the decision, `team` the one whose lead looks at it. Without `outcome`
    nobody has looked yet. `seen_at` is when the employee read what was said. What is given in a
    case after it was looked at is a decision of its own, and waits again.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="reviews", db_index=False)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="reviews", db_index=False
    )
    why = models.CharField(max_length=12, choices=ReviewReason.choices)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=ReviewOutcome.choices, blank=True)
    note = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["team"], condition=Q(outcome=""), name="reviews_that_wait"),
            models.Index(
                fields=["team", "-reviewed_at", "-id"],
                condition=~Q(outcome=""),
                name="reviews_said_in_a_team",
            ),
            models.Index(
                fields=["-reviewed_at", "-id"], condition=~Q(outcome=""), name="reviews_said_lately"
            ),
            models.Index(fields=["employee", "-reviewed_at"], name="reviews_of_someone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "employee", "why"],
                condition=Q(outcome=""),
                name="waits_once_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", reviewed_by__isnull=True, reviewed_at__isnull=True, note="")
                | Q(~Q(outcome=""), reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="review_is_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="with-a-note") | not_blank("note"),
                name="review_with_a_note_has_one",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True) | Q(reviewed_at__isnull=False),
                name="only_what_was_said_is_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.get_why_display()}"
