"""Rules, as versions: where each applies, what it grants, restricts or forbids, and why.

What must stay true: every rule has a rationale for the employee and words for the customer; a
published policy is never changed or deleted. A change is a new version of the same series.
"""

import uuid
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from employees.models import AuthorityTier, Division, Employee, Team, not_blank
from employees.money import MoneyField, refuse_too_many_places
from policies.facts import Operator
from policies.models.channels import Channel
from policies.models.reason_codes import ReasonCode
from policies.models.remedies import Remedy
from policies.querysets import PolicyQuerySet

LONGEST_WORDS = 4_000  # characters: people read it in the middle of a call


class Effect(models.TextChoices):
    """What a policy does where it applies."""

    GRANT = "grant", "Grants: at least this much"
    RESTRICT = "restrict", "Restricts: at most this much"
    FORBID = "forbid", "Forbids: not at all"


class Measure(models.TextChoices):
    """What a grant or a restriction is measured in."""

    AMOUNT = "amount", "Amount, at face value"
    PERCENT = "percent", "Percentage of the order"
    QUANTITY = "quantity", "Quantity, in the remedy's unit"
    TIMES = "times", "Number of times"


class Per(models.TextChoices):
    """What a grant or a restriction counts together."""

    CASE = "case", "Case"
    ORDER = "order", "Order"
    CUSTOMER = "customer", "Customer"


class Status(models.TextChoices):
    """Whether a version decides anything."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class Policy(models.Model):
    """One version of one rule: where it applies, what it grants, restricts or forbids, and why.

    Empty scopes mean *all*. `value` is an amount in the division's currency, a percentage, a
    quantity or a number of times, by `measure`. `policies/publish.py` publishes; nothing else
    writes published rows, and the database refuses to change or delete them.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="policies")
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    title = models.CharField(max_length=120)
    effect = models.CharField(max_length=10, choices=Effect.choices)
    measure = models.CharField(max_length=10, choices=Measure.choices, blank=True)
    value = MoneyField(null=True, blank=True, validators=[MinValueValidator(Decimal(0))])
    per = models.CharField(max_length=10, choices=Per.choices, default=Per.CASE)
    window_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Per customer: within so many days; empty means ever."
    )
    entitlement = models.BooleanField(
        default=False,
        help_text="The customer is owed it: charged to the division, not to the employee's month.",
    )
    allows_grace = models.BooleanField(
        default=False,
        help_text="A restriction that may be passed by the tier's grace, and is read afterwards.",
    )
    review_afterwards = models.BooleanField(
        default=False, help_text="What is decided under it is looked at afterwards."
    )
    reason_codes = models.ManyToManyField(ReasonCode, blank=True, related_name="policies")
    remedies = models.ManyToManyField(Remedy, blank=True, related_name="policies")
    tiers = models.ManyToManyField(AuthorityTier, blank=True, related_name="policies")
    teams = models.ManyToManyField(Team, blank=True, related_name="policies")
    channels = models.JSONField(default=list, blank=True)
    rationale = models.TextField(help_text="Why: the employee reads it.")
    customer_wording = models.TextField(help_text="Words to say to the customer.")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty means until changed.")
    withdrawn = models.BooleanField(default=False, editable=False)
    change_reason = models.TextField(blank=True, help_text="Why this version replaces the last.")
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ("division", "title", "version")
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                fields=["series", "version"],
                condition=Q(status="published"),
                name="policy_version_once",
            ),
            models.CheckConstraint(condition=not_blank("rationale"), name="policy_has_a_rationale"),
            models.CheckConstraint(
                condition=not_blank("customer_wording"), name="policy_has_customer_wording"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(
                    status="published",
                    version__isnull=False,
                    starts_at__isnull=False,
                    published_at__isnull=False,
                ),
                name="published_policy_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(effect="forbid")
                | Q(value__isnull=False, value__gte=0) & ~Q(measure=""),
                name="policy_says_how_much",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="policy_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(entitlement=False) | Q(effect="grant"),
                name="only_grants_are_entitlements",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_about(self, employee: Employee) -> bool:
        """Whether the rule is about this person's tier and team."""
        tiers, teams = ({row.pk for row in rows.all()} for rows in (self.tiers, self.teams))
        return (not tiers or employee.tier_id in tiers) and (not teams or employee.team_id in teams)

    def clean(self) -> None:
        """Refuse a rule that says too little, or two things at once."""
        errors = {
            name: words
            for name in ("rationale", "customer_wording")
            if (words := _wrong_with(getattr(self, name)))
        }
        if self.effect in (Effect.GRANT, Effect.RESTRICT):
            if not self.measure:
                errors["measure"] = "Say what is counted: an amount, a percentage, a number …"
            if self.value is None:
                errors["value"] = "Say how much."
        if self.entitlement and self.effect != Effect.GRANT:
            errors["entitlement"] = "Only a grant can be something the customer is owed."
        if self.window_days is not None and self.per != Per.CUSTOMER:
            errors["window_days"] = "Days are counted per customer only."
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = "The end comes before the start."
        unknown = [c for c in self.channels or [] if c not in Channel.values]
        if unknown:
            errors["channels"] = f"Not a channel: {', '.join(map(str, unknown))}."
        if errors:
            raise ValidationError(errors)
        if self.measure == Measure.AMOUNT and self.division_id:
            refuse_too_many_places(self.value, self.division.currency)


def _wrong_with(text: str) -> str:
    """What is wrong with a rationale or with words to the customer; empty where nothing is."""
    if text.isspace():
        return "Blanks are no reason and no words: write them out."
    return "" if len(text) <= LONGEST_WORDS else f"Write at most {LONGEST_WORDS:,} characters."


class Condition(models.Model):
    """One comparison of a fact with a value; a policy applies where all of its conditions hold."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="conditions")
    fact = models.CharField(max_length=40)
    operator = models.CharField(max_length=2, choices=Operator.choices)
    value = models.CharField(max_length=200, help_text="For *is one of*: values with commas.")
    window_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="For earlier resolutions: within so many days."
    )

    class Meta:
        ordering = ("policy", "id")

    def __str__(self) -> str:
        return f"{self.fact} {self.get_operator_display()} {self.value}"
