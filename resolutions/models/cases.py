"""Cases: one customer's problem each, from being told to being put right, and how it went on."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee, Team, not_blank
from employees.money import MoneyField
from employees.transactions import TransactionField
from policies.models import Channel, ReasonCode
from resolutions.models.customers import Customer
from resolutions.models.incidents import Incident
from resolutions.querysets import CaseQuerySet, ConclusionQuerySet, ContactQuerySet


class CaseState(models.TextChoices):
    """Where a case stands."""

    OPEN = "open", "Open"
    PUT_RIGHT = "put-right", "Put right"
    CLOSED = "closed", "Closed without a remedy"
    HANDED_OVER = "handed-over", "Handed over"


class Case(models.Model):
    """One customer's problem, from being told to being put right.

    `team` and `tier` are those of who opened it, at that moment. `facts` holds what the reason code
    asked for, as text by key. `outcome_note` says what was said
    when it was last closed without a remedy, or why it was handed over; `Conclusion` keeps all.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="cases", db_index=False)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    tier = models.ForeignKey(
        AuthorityTier, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    reason_code = models.ForeignKey(ReasonCode, models.PROTECT, related_name="cases")
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    apart_from_incident = models.BooleanField(
        default=False, db_default=False, help_text="It looks like one of an incident and is none."
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    order_reference = models.CharField(max_length=80, blank=True)
    order_value = MoneyField(null=True, blank=True)
    order_date = models.DateField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.OPEN)
    second_failure = models.BooleanField(default=False)
    opened_by = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases_opened",
        db_index=False,
    )
    opened_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome_note = models.TextField(blank=True)
    handed_over_to = models.CharField(max_length=120, blank=True)
    external_reference = models.CharField(
        max_length=80, blank=True, help_text="Its number in the system it was brought in from."
    )
    transaction_id = TransactionField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-id")
        # Four foreign keys have no index of their own, as one of these begins with each. Nothing is
        # looked up by the tier alone.
        indexes = [
            models.Index(fields=["division", "-opened_at", "-id"], name="cases_of_a_division"),
            models.Index(fields=["opened_by", "-opened_at", "-id"], name="cases_of_an_agent"),
            models.Index(fields=["customer", "reason_code", "-opened_at"], name="cases_again"),
            # Whole: the plan of a prepared statement could not use a partial one.
            models.Index(fields=["division", "order_reference"], name="cases_of_an_order"),
            models.Index(fields=["transaction_id"], name="cases_of_a_transaction"),
            # The lists of those who see every division, and of what ended when.
            models.Index(fields=["-opened_at", "-id"], name="cases_as_opened"),
            models.Index(fields=["-ended_at", "-id"], name="cases_as_ended"),
            models.Index(fields=["team", "-ended_at"], name="cases_of_a_team_as_ended"),
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
