"""Authority gaps: what someone wanted to do for a customer and could not, and what came of it.

What must stay true: a gap has one answer at most, by a manager of its division and never by whoever
had it; an answer is never changed or deleted. A later gap gets an answer of its own.
"""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee, Team, not_blank
from employees.money import MoneyField
from employees.transactions import TransactionField
from policies.models import Policy, ReasonCode, Remedy
from resolutions.gap_querysets import AuthorityGapQuerySet, GapAnswerQuerySet
from resolutions.models.cases import Case
from resolutions.models.customers import Customer


class AnswerKind(models.TextChoices):
    """What came of a gap."""

    CHANGED = "changed", "It was changed"
    WHY_NOT = "why-not", "Here is why not"


class GapAnswer(models.Model):
    """What a manager answered to those who had a gap: one answer for all that are alike.

    `policy` is the version of the rule that it is about, as it was published last.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="gap_answers")
    kind = models.CharField(max_length=10, choices=AnswerKind.choices)
    words = models.TextField(help_text="What those who had the gap read.")
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="gap_answers"
    )
    answered_by = models.ForeignKey(Employee, models.PROTECT, related_name="gap_answers")
    at = models.DateTimeField(default=timezone.now)

    objects = GapAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(condition=not_blank("words"), name="gap_answer_has_words"),
            models.CheckConstraint(
                condition=Q(kind__in=AnswerKind.values), name="gap_answer_is_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words[:40]}"


class AuthorityGap(models.Model):
    """Something an agent wanted to do and was not allowed to: who, what, how much, which rule.

    `team` and `tier` are those of that moment. `answer_seen_at` is when whoever had it read the
    answer. `told` keeps what authority was asked besides, see `resolutions/gaps.py`, so that a
    change of the rules can be tried on it; it is empty for what is said in words only.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="gaps")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="gaps")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    tier = models.ForeignKey(AuthorityTier, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="gaps")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="gaps"
    )
    reason_code = models.ForeignKey(ReasonCode, models.PROTECT, null=True, related_name="gaps")
    remedy = models.ForeignKey(Remedy, models.PROTECT, null=True, related_name="gaps")
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, related_name="gaps")
    bound = models.CharField(max_length=12, blank=True, help_text="What kind of bound refused it.")
    quantity = models.PositiveIntegerField(null=True)
    face_value = MoneyField(default=Decimal(0))
    cost = MoneyField(default=Decimal(0))
    words = models.TextField(blank=True, help_text="In the agent's own words.")
    decision = models.JSONField(default=dict)
    told = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    request_id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField(default=timezone.now)
    answer = models.ForeignKey(
        GapAnswer, models.PROTECT, null=True, blank=True, editable=False, related_name="gaps"
    )
    answer_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    transaction_id = TransactionField()

    objects = AuthorityGapQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["division", "-at"], name="gaps_of_a_period"),
            models.Index(fields=["transaction_id"], name="gaps_of_a_transaction"),
            models.Index(
                fields=["employee"],
                condition=Q(answer__isnull=False, answer_seen_at__isnull=True),
                name="gaps_with_news",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_seen_at__isnull=True) | Q(answer__isnull=False),
                name="only_an_answer_is_seen",
            )
        ]

    def __str__(self) -> str:
        return f"{self.remedy or self.words[:40]} · {self.employee}"
