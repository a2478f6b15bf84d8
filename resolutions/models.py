"""Customers, cases, resolutions and authority gaps.

What must stay true: a resolution is never changed or deleted; the same request has one effect;
nobody resolves a case in which they are the customer. All amounts are in the division's currency.
"""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from budgets.models import LedgerEntry
from employees.models import AuthorityTier, Division, Employee, Team, not_blank
from employees.money import MoneyField
from policies.models import Channel, Policy, ReasonCode, Remedy
from resolutions.querysets import (
    AuthorityGapQuerySet,
    CaseQuerySet,
    ConclusionQuerySet,
    ContactQuerySet,
    CustomerQuerySet,
    ResolutionQuerySet,
)


class Customer(models.Model):
    """Someone who buys from a division, by the reference the division knows them by."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="customers")
    reference = models.CharField(
        max_length=80, help_text="Account, phone number or e-mail: what the customer is known by."
    )
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    segment = models.CharField(max_length=40, blank=True)
    customer_since = models.DateField(null=True, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ("division", "reference")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "reference"], name="customer_once_a_division"
            ),
            models.CheckConstraint(condition=not_blank("reference"), name="customer_is_findable"),
        ]

    def __str__(self) -> str:
        return self.name or self.reference


class CaseState(models.TextChoices):
    """Where a case stands."""

    OPEN = "open", "Open"
    PUT_RIGHT = "put-right", "Put right"
    CLOSED = "closed", "Closed without a remedy"
    HANDED_OVER = "handed-over", "Handed over"


class Case(models.Model):
    """One customer's problem, from being told to being put right.

    `facts` holds what the reason code asked for, as text by key. `outcome_note` says what was said
    when it was last closed without a remedy, or why it was handed over; `Conclusion` keeps all.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="cases")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    reason_code = models.ForeignKey(ReasonCode, models.PROTECT, related_name="cases")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    order_reference = models.CharField(max_length=80, blank=True)
    order_value = MoneyField(null=True, blank=True)
    order_date = models.DateField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.OPEN)
    second_failure = models.BooleanField(default=False)
    opened_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="cases_opened"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome_note = models.TextField(blank=True)
    handed_over_to = models.CharField(max_length=120, blank=True)
    external_reference = models.CharField(
        max_length=80, blank=True, help_text="Its number in the system it was brought in from."
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-id")
        indexes = [
            models.Index(fields=["division", "-opened_at", "-id"], name="cases_of_a_division"),
            models.Index(fields=["opened_by", "-opened_at", "-id"], name="cases_of_an_agent"),
            models.Index(fields=["customer", "reason_code", "-opened_at"], name="cases_again"),
            # Whole: the plan of a prepared statement could not use a partial one.
            models.Index(fields=["division", "order_reference"], name="cases_of_an_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "external_reference"],
                condition=~Q(external_reference=""),
                name="case_brought_in_once",
            ),
            models.CheckConstraint(
                condition=Q(order_value__isnull=True) | Q(order_value__gte=0),
                name="order_value_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed-over") | not_blank("outcome_note"),
                name="handing_over_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: F-2051."""
        return f"{self.division.case_prefix}-{self.pk}"


class Contact(models.Model):
    """The customer came back about the same case. The first contact is the case itself."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.case} · {self.at:%Y-%m-%d %H:%M}"


class Conclusion(models.Model):
    """A case ended without a remedy: explained, or handed over after all, which is an escalation.

    It stays when the customer comes back and the case goes on: `words` keeps what was said, or
    why. Nobody is known to have concluded what was brought in from elsewhere.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="conclusions")
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="conclusions"
    )
    state = models.CharField(
        max_length=12,
        choices=[(s.value, s.label) for s in (CaseState.CLOSED, CaseState.HANDED_OVER)],
    )
    words = models.TextField(blank=True)
    handed_over_to = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ConclusionQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="handed-over") | not_blank("words"),
                name="escalation_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.get_state_display()}"


class Resolution(models.Model):
    """One remedy given in a case, by someone, for an amount, charged to a budget.

    `face_value` is what it is worth to the customer, `cost` what it costs the company.
    `decision` is the decision as it was, with every bound and its reason.
    """

    class Verdict(models.TextChoices):
        """A resolution is within authority, or a little further and read afterwards."""

        WITHIN = "within", "Within authority"
        GRACE = "grace", "A little further"

    case = models.ForeignKey(Case, models.PROTECT, related_name="resolutions")
    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="resolutions")
    given_by = models.ForeignKey(Employee, models.PROTECT, related_name="resolutions")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    tier = models.ForeignKey(AuthorityTier, models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveIntegerField(null=True)
    face_value = MoneyField()
    cost = MoneyField()
    against_limit = MoneyField(help_text="How much of the tier's limit for the case it used.")
    description = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    owed = models.BooleanField("owed to the customer", default=False)
    review_afterwards = models.BooleanField(default=False)
    decision = models.JSONField()
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="resolution")
    request_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(face_value__gte=0, cost__gte=0, against_limit__gte=0),
                name="resolution_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remedy} · {self.cost}"

    @property
    def measure(self) -> Decimal:
        """The amount at face value, or the quantity."""
        return self.face_value if self.quantity is None else Decimal(self.quantity)


class AuthorityGap(models.Model):
    """Something an agent wanted to do and was not allowed to: who, what, how much, which rule."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="gaps")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="gaps")
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
    request_id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField(default=timezone.now)

    objects = AuthorityGapQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.remedy or self.words[:40]} · {self.employee}"


class Submission(models.Model):
    """A request that was carried out or refused, and the answer it got.

    The same request arriving twice has one effect, and the second answer is this first one. The
    same id with other contents is refused: `fingerprint` tells them apart.
    """

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    request_id = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    refused = models.CharField(max_length=40, blank=True)
    answer = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "request_id"], name="request_has_one_effect"
            )
        ]

    def __str__(self) -> str:
        return str(self.request_id)


class FollowUp(models.Model):
    """The mail that asks the customer how it went: owed until it is sent, and sent once."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="follow_up")
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("due_at",)
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="mails_owed")
        ]

    def __str__(self) -> str:
        return f"{self.case} · {'sent' if self.sent_at else 'owed'}"
