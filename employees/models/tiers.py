"""Authority tiers: how far someone's word goes. What must stay true: every tier has a rationale."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from employees.models.checks import WithHistory, check_places, not_blank
from employees.models.divisions import Division
from employees.money import MoneyField
from employees.querysets import AuthorityTierQuerySet


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
                check_places(self, field, self.division.currency)
