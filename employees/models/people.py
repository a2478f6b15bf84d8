"""Employees, and their roles.

What must stay true: an employee's team and tier belong to the employee's division; nobody changes
their own tier, limit, budget or role (see `own_authority.py`, and the triggers in `guards.py`).
"""

import zoneinfo
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from employees.models.checks import WithHistory, check_places
from employees.models.divisions import Division, Team
from employees.models.tiers import AuthorityTier
from employees.money import MoneyField
from employees.querysets import EmployeeManager

HUNDRED = Decimal(100)


class Role(models.TextChoices):
    """What someone may see and edit in the program. Not how far their word goes: that is a tier."""

    AGENT = "agent", "Agent"
    TEAM_LEAD = "team_lead", "Team lead"
    MANAGER = "manager", "Manager"
    FINANCE = "finance", "Finance"
    ADMINISTRATOR = "administrator", "Administrator"


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
    def called(self) -> str:
        """What colleagues call them: their name, or their username."""
        return self.get_full_name() or self.username

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
                check_places(self, field, self.division.currency)
