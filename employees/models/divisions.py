"""Divisions, and the teams in them."""

import zoneinfo
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from employees.models.checks import check_places
from employees.money import MoneyField, quantize, validate_currency
from employees.querysets import DivisionQuerySet, TeamQuerySet

MINUTES_AN_HOUR = 60


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone, such as "Europe/London"."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            "%(name)s is not a time zone; write one such as Europe/London or Australia/Perth.",
            code="time_zone",
            params={"name": name},
        )


class Division(models.Model):
    """A business with its own currency, tiers, remedies and rules: a brand, or a country.

    The approval fields say, in the division's currency, what it costs when an employee has to
    ask instead of deciding. The survey fields say when customers are asked how it went.
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
    approval_hourly_cost = MoneyField(
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="What an hour of those involved in an approval costs the company, on average.",
    )
    return_cost = MoneyField(
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="What taking one item back costs the company.",
    )
    budget_account = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        help_text="The general-ledger account that pays for all remedies, such as 2190.",
    )
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        db_default="UTC",
        validators=[validate_time_zone],
        help_text="Where its reports are read. They come on a month's first working day there.",
    )
    survey_delay_hours = models.PositiveSmallIntegerField(
        default=24,
        db_default=24,
        validators=[MaxValueValidator(30 * 24)],
        help_text="How long after a case was put right its customer is asked how it went.",
    )
    survey_cap_days = models.PositiveSmallIntegerField(
        default=30,
        db_default=30,
        validators=[MaxValueValidator(366)],
        help_text="A customer is asked once in so many days, whatever happens. 0: after each case.",
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
        for field in ("approval_hourly_cost", "return_cost"):
            check_places(self, field, self.currency)

    @property
    def approval_cost(self) -> Decimal:
        """What one approval costs the company: minutes × cost per hour / 60, as an invoice rounds.

        In the division's currency; 0 while it is not entered.
        """
        return quantize(
            self.approval_minutes * self.approval_hourly_cost / MINUTES_AN_HOUR, self.currency
        )


class Team(models.Model):
    """People who work together, in one time zone: their month begins at midnight there."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    cost_centre = models.CharField(
        max_length=40, blank=True, help_text="Where finance books what the team gives."
    )
    history = HistoricalRecords()

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("division", "name")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="team_name_once_a_division")
        ]

    def __str__(self) -> str:
        return self.name
