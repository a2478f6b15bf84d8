"""Reason codes, remedies and policies: what may be given, when, and why.

What must stay true: every rule has a rationale for the employee and words for the customer; a
published policy is never changed or deleted. A change is a new version of the same series.
All amounts are in the division's currency.
"""

import uuid
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from employees.models import AuthorityTier, Division, Employee, Team, not_blank
from employees.money import MoneyField, refuse_too_many_places
from policies.facts import BUILT_IN, FactKind, Operator
from policies.querysets import PolicyQuerySet, ReasonCodeQuerySet, RemedyQuerySet

AT_LEAST_ZERO = MinValueValidator(Decimal(0))


class Channel(models.TextChoices):
    """Where the customer told of the problem."""

    DOORSTEP = "doorstep", "Doorstep"
    PHONE = "phone", "Phone"
    COUNTER = "counter", "Counter"
    CHAT = "chat", "Chat"
    EMAIL = "email", "E-mail"
    WEB = "web", "Web"


class ReasonCode(models.Model):
    """What went wrong: late, wrong order, billing dispute and so on."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="reason_codes")
    code = models.SlugField(help_text="Other programs use it; it stays the same.")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the case form.")
    is_active = models.BooleanField("in use", default=True)
    history = HistoricalRecords()

    objects = ReasonCodeQuerySet.as_manager()

    class Meta:
        ordering = ("division", "position", "name")
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="reason_code_once_a_division")
        ]

    def __str__(self) -> str:
        return self.name


class AskedFact(models.Model):
    """A fact of its own that a reason code asks for, such as *minutes late*."""

    reason_code = models.ForeignKey(ReasonCode, models.CASCADE, related_name="asked_facts")
    key = models.CharField(
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "Use small letters, digits and _.")],
        help_text="Conditions use it, such as minutes_late.",
    )
    label = models.CharField(max_length=80, help_text="Shown on the case form.")
    kind = models.CharField(max_length=10, choices=FactKind.choices)
    unit = models.CharField(max_length=20, blank=True)
    choices = models.CharField(
        max_length=400, blank=True, help_text="For one of a list: the choices, with commas."
    )
    required = models.BooleanField(
        default=False, help_text="The case can't be put right before it is told."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("reason_code", "position", "key")
        constraints = [
            models.UniqueConstraint(fields=["reason_code", "key"], name="fact_once_a_reason_code")
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse a key that means something already, and a list without choices."""
        if self.key in BUILT_IN:
            raise ValidationError({"key": "The program knows this fact by itself."})
        if self.kind == FactKind.CHOICE and not self.choices.strip():
            raise ValidationError({"choices": "Write the choices, with commas between them."})
        if not self.reason_code_id:
            return
        elsewhere = AskedFact.objects.filter(
            reason_code__division=self.reason_code.division_id, key=self.key
        ).exclude(pk=self.pk)
        if any(fact.kind != self.kind for fact in elsewhere):
            raise ValidationError(
                {"kind": "Another reason code asks for this key as another kind of value."}
            )


class Costing(models.TextChoices):
    """How the cost to the company follows from what is given."""

    ENTERED = "entered", "The amount entered"
    SHARE = "share", "A share of the amount entered"
    PER_UNIT = "per_unit", "A fixed cost per unit"


class Remedy(models.Model):
    """A kind of thing that can be given: money off, a free item, a day's extension.

    With a cost per unit the agent gives a *quantity*; otherwise an *amount*, at face value.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="remedies")
    code = models.SlugField(help_text="Other programs use it; it stays the same.")
    name = models.CharField(max_length=80)
    rationale = models.TextField(help_text="Why we give this, in a line the agent reads.")
    customer_wording = models.TextField(help_text="Words to say when giving it.")
    costing = models.CharField(max_length=10, choices=Costing.choices, default=Costing.ENTERED)
    cost_share_percent = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="For a share: how much of the face value it costs the company.",
    )
    cost_per_unit = MoneyField(null=True, blank=True, validators=[AT_LEAST_ZERO])
    face_value_per_unit = MoneyField(
        null=True,
        blank=True,
        validators=[AT_LEAST_ZERO],
        help_text="What one is worth to the customer; empty means what it costs.",
    )
    unit = models.CharField(max_length=20, blank=True, help_text="One of them: day, GB, pizza.")
    unit_plural = models.CharField(max_length=20, blank=True, help_text="Several: days, GB.")
    max_quantity = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="At most, in one case."
    )
    needs_description = models.BooleanField(
        default=False, help_text="The agent writes what was given, as for *something else*."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the case form.")
    is_active = models.BooleanField("in use", default=True)
    history = HistoricalRecords()

    objects = RemedyQuerySet.as_manager()

    class Meta:
        ordering = ("division", "position", "name")
        verbose_name_plural = "remedies"
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="remedy_once_a_division"),
            models.CheckConstraint(condition=not_blank("rationale"), name="remedy_has_a_rationale"),
            models.CheckConstraint(
                condition=Q(costing="entered")
                | Q(costing="share", cost_share_percent__gte=1, cost_share_percent__lte=100)
                | Q(costing="per_unit", cost_per_unit__gte=0, max_quantity__gte=1),
                name="remedy_knows_its_cost",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a costing whose figures are missing, and amounts with too many places."""
        errors: dict[str, str] = {}
        if self.costing == Costing.SHARE and self.cost_share_percent is None:
            errors["cost_share_percent"] = "Write how much of the face value it costs."
        if self.costing == Costing.PER_UNIT:
            for field in ("cost_per_unit", "max_quantity"):
                if getattr(self, field) is None:
                    errors[field] = "A remedy with a cost per unit needs this."
        if errors:
            raise ValidationError(errors)
        if self.division_id:
            for field in ("cost_per_unit", "face_value_per_unit"):
                refuse_too_many_places(getattr(self, field), self.division.currency)


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
    value = MoneyField(null=True, blank=True, validators=[AT_LEAST_ZERO])
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

    def clean(self) -> None:
        """Refuse a rule that says too little, or two things at once."""
        errors: dict[str, str] = {}
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
