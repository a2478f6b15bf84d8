"""Divisions, teams, authority tiers and employees.

What must stay true: an employee's team and tier belong to the employee's division; every tier
has a rationale; and nobody changes their own tier, limit, budget or role (see
`own_authority.py`, and the triggers in the migration `guards`).
"""

import zoneinfo
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Length, Replace, Trim
from django.db.models.lookups import GreaterThan
from simple_history.models import HistoricalRecords

from employees.money import MoneyField, refuse_too_many_places, validate_currency
from employees.querysets import (
    AuthorityTierQuerySet,
    DivisionQuerySet,
    EmployeeManager,
    TeamQuerySet,
)

HUNDRED = Decimal(100)


def not_blank(field: str) -> models.Q:
    """A condition for a database constraint: the text holds more than blanks and line breaks."""
    text: Any = models.F(field)
    for blank in ("\n", "\r", "\t"):
        text = Replace(text, models.Value(blank))
    return models.Q(GreaterThan(Length(Trim(text)), 0))


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone, such as "Europe/London"."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            "%(name)s is not a time zone; write one such as Europe/London or Australia/Perth.",
            code="time_zone",
            params={"name": name},
        )


class Role(models.TextChoices):
    """What someone may see and edit in the program. Not how far their word goes: that is a tier."""

    AGENT = "agent", "Agent"
    TEAM_LEAD = "team_lead", "Team lead"
    MANAGER = "manager", "Manager"
    FINANCE = "finance", "Finance"
    ADMINISTRATOR = "administrator", "Administrator"


class WithHistory(models.Model):
    """A row that is saved together with its history, or not at all.

    A trigger may refuse the history row (see `guards.py`); then the change must not stay either.
    """

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, and what the history says of it, in one transaction."""
        super().save(*args, **kwargs)


class Division(models.Model):
    """A business with its own currency, tiers, remedies and rules: a brand, or a country.

    The approval fields say, in the division's currency, what it costs when an employee has to
    ask instead of deciding.
    """

    code = models.SlugField(unique=True, help_text="Other programs use it; it stays the same.")
    name = models.CharField(max_length=80, unique=True)
    currency = models.CharField(
        max_length=3, validators=[validate_currency], help_text="ISO 4217, such as USD."
    )
    case_prefix = models.CharField(
        max_length=6, help_text="Starts every case number: F makes F-2051."
    )
    approval_minutes = models.PositiveSmallIntegerField(
        default=0, help_text="Working minutes of everyone involved in one approval."
    )
    approval_cost = MoneyField(
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="What one approval costs the company, all in.",
    )
    return_cost = MoneyField(
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="What taking one item back costs the company.",
    )
    rulebook_version = models.PositiveBigIntegerField(
        default=0,
        editable=False,
        help_text="Raised by the database whenever something in the division's rulebook changes.",
    )
    history = HistoricalRecords(excluded_fields=["rulebook_version"])

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse another currency once there are tiers, and costs with more places than it has."""
        kept = Division.objects.filter(pk=self.pk, tiers__isnull=False).exclude(
            currency=self.currency
        )
        if kept.exists():
            raise ValidationError(
                {"currency": "The currency stays: every amount entered so far is in it."}
            )
        for field in ("approval_cost", "return_cost"):
            _check_places(self, field, self.currency)


class Team(models.Model):
    """People who work together, in one time zone: their month begins at midnight there."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    cost_centre = models.CharField(max_length=40, blank=True)
    history = HistoricalRecords()

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("division", "name")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="team_name_once_a_division")
        ]

    def __str__(self) -> str:
        return self.name


class AuthorityTier(WithHistory):
    """How far someone's word goes. Amounts are at cost, in the division's currency."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="tiers")
    name = models.CharField(max_length=80)
    limit_per_case = MoneyField(
        validators=[MinValueValidator(Decimal(0))],
        help_text="All remedies of one case together, at cost.",
    )
    monthly_budget = MoneyField(
        validators=[MinValueValidator(Decimal(0))], help_text="Full again on the first of a month."
    )
    grace_percent = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(100)],
        help_text="How far beyond the limit someone may go; it is read afterwards, never before.",
    )
    over_budget_percent = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(100)],
        help_text="How far beyond the month's budget someone may go; it is read afterwards.",
    )
    rationale = models.TextField(help_text="Why this far: the people in this tier read it.")
    history = HistoricalRecords()

    objects = AuthorityTierQuerySet.as_manager()

    class Meta:
        ordering = ("division", "limit_per_case")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="tier_name_once_a_division"),
            models.CheckConstraint(condition=not_blank("rationale"), name="tier_has_a_rationale"),
            models.CheckConstraint(
                condition=models.Q(limit_per_case__gte=0, monthly_budget__gte=0),
                name="tier_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse amounts with more places than the currency has."""
        if self.division_id:
            for field in ("limit_per_case", "monthly_budget"):
                _check_places(self, field, self.division.currency)


class Employee(WithHistory, AbstractUser):
    """Someone who works here; also the account they sign in with.

    `role` says what they may see and edit, `tier` how far their word goes. A personal limit or
    budget, in the division's currency, stands instead of the tier's.
    """

    groups = None  # type: ignore[assignment]  # the role is the group
    user_permissions = None  # type: ignore[assignment]  # the role has the permissions
    is_superuser = False  # nobody is above the rules
    last_login = None

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.AGENT)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="employees", null=True, blank=True
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="members", null=True, blank=True)
    tier = models.ForeignKey(
        AuthorityTier, models.PROTECT, related_name="holders", null=True, blank=True
    )
    personal_limit = MoneyField(
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="Per case, instead of the tier's limit.",
    )
    personal_budget = MoneyField(
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="Per month, instead of the tier's budget.",
    )
    job_title = models.CharField(max_length=80, blank=True)
    customer_reference = models.CharField(
        max_length=80,
        blank=True,
        help_text="Their own reference, if they are a customer: nobody resolves their own case.",
    )
    history = HistoricalRecords(excluded_fields=["password"])

    objects = EmployeeManager()  # type: ignore[misc]

    class Meta:
        ordering = ("username",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(personal_limit__isnull=True) | models.Q(personal_limit__gte=0),
                name="personal_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(personal_budget__isnull=True) | models.Q(personal_budget__gte=0),
                name="personal_budget_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.get_username()

    @property
    def is_staff(self) -> bool:  # type: ignore[override]
        """Whether the admin's door opens for them."""
        return self.role in (Role.MANAGER, Role.ADMINISTRATOR)

    @property
    def limit_per_case(self) -> Decimal:
        """What they may give in one case, at cost: their own limit, or their tier's; or 0."""
        if self.tier is None:
            return Decimal(0)
        own: Decimal | None = self.personal_limit
        return Decimal(self.tier.limit_per_case) if own is None else own

    @property
    def monthly_budget(self) -> Decimal:
        """What is theirs each month: their own budget, or their tier's. 0 without a tier."""
        if self.tier is None:
            return Decimal(0)
        own: Decimal | None = self.personal_budget
        return Decimal(self.tier.monthly_budget) if own is None else own

    @property
    def over_budget(self) -> Decimal:
        """How far beyond the month's budget they may go, in the division's currency."""
        if self.tier is None:
            return Decimal(0)
        return self.monthly_budget * self.tier.over_budget_percent / HUNDRED

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone they work in; UTC without a team."""
        return zoneinfo.ZoneInfo(self.team.time_zone if self.team else "UTC")

    def clean(self) -> None:
        """Refuse a team or tier of another division, and people who would have no place."""
        super().clean()
        errors: dict[str, Any] = {}
        for name in ("team", "tier"):
            other = getattr(self, name)
            if other is not None and other.division_id != self.division_id:
                errors[name] = f"This {name} is not one of the employee's division."
        if self.tier and self.role in (Role.FINANCE, Role.ADMINISTRATOR):
            errors["tier"] = "Finance and administrators put no cases right, so they have no tier."
        if self.tier and not self.team:
            errors["team"] = (
                "Someone with authority needs a team: its time zone begins their month."
            )
        if self.division_id is None and self.role not in (Role.FINANCE, Role.ADMINISTRATOR):
            errors["division"] = "Only finance and administrators can belong to no division."
        if errors:
            raise ValidationError(errors)
        if self.division is not None:
            for field in ("personal_limit", "personal_budget"):
                _check_places(self, field, self.division.currency)


def _check_places(row: models.Model, field: str, currency: str) -> None:
    """Name the field in the error when its amount has too many places."""
    try:
        refuse_too_many_places(getattr(row, field), currency)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
