"""The monthly report: what it was before Leeway, what was told, to whom, and who wants it.

What must stay true: a month of a division is told once, and what was told stays; each mail is sent
once, still owed, or not sent for a reason that is kept.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from employees.models import Division, Employee, OwedMail, not_blank
from employees.models.checks import WithHistory, check_places
from employees.money import MoneyField
from reports.querysets import (
    BaselineQuerySet,
    MonthlyReportQuerySet,
    ReportDeliveryQuerySet,
    ReportPreferenceQuerySet,
)

_AMOUNT = [MinValueValidator(Decimal(0))]
_PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
_COUNT = [MaxValueValidator(1_000_000_000)]


def _from_to(field: str, least: int, most: int) -> models.CheckConstraint:
    """A figure that is unknown, or within its bounds."""
    unknown = Q(**{f"{field}__isnull": True})
    within = Q(**{f"{field}__gte": least, f"{field}__lte": most})
    return models.CheckConstraint(condition=unknown | within, name=f"baseline_{field}")


class Baseline(WithHistory):
    """How it was in a division before Leeway, for the reports to compare with; entered once.

    `period` says in words which months these figures are of, and `months` how many they are.
    Amounts are in the division's currency. What is empty is not known, and not compared with.
    """

    FIGURES = (
        *("cost_a_month", "cases_a_month", "cost_per_case", "satisfaction"),
        *("first_contact_percent", "handed_over_percent", "minutes_to_resolution"),
    )

    division = models.OneToOneField(Division, models.PROTECT, related_name="baseline")
    period = models.CharField(max_length=80, help_text="Such as: January to June 2025.")
    months = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="How many months these figures are the average of.",
    )
    cost_a_month = MoneyField(null=True, blank=True, validators=_AMOUNT)
    cases_a_month = models.PositiveIntegerField(null=True, blank=True, validators=_COUNT)
    cost_per_case = MoneyField(null=True, blank=True, validators=_AMOUNT)
    satisfaction = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
        help_text="On average, from 1 to 5.",
    )
    first_contact_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    handed_over_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    minutes_to_resolution = models.PositiveIntegerField(null=True, blank=True, validators=_COUNT)
    history = HistoricalRecords()

    objects = BaselineQuerySet.as_manager()

    class Meta:
        ordering = ("division",)
        constraints = [
            models.CheckConstraint(condition=not_blank("period"), name="baseline_has_a_period"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=120), name="baseline_months"
            ),
            _from_to("cost_a_month", 0, 10**10),
            _from_to("cost_per_case", 0, 10**10),
            _from_to("satisfaction", 1, 5),
            _from_to("first_contact_percent", 0, 100),
            _from_to("handed_over_percent", 0, 100),
        ]

    def __str__(self) -> str:
        return f"{self.division} · {self.period}"

    def clean(self) -> None:
        """Refuse a second one, one without any figure, and amounts with too many places."""
        others = Baseline.objects.filter(division=self.division_id).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError("There is one already: open that and change it, with a reason.")
        if all(getattr(self, field) is None for field in self.FIGURES):
            raise ValidationError("Fill in at least one figure: the others may stay empty.")
        if getattr(self, "division", None) is not None:
            for field in ("cost_a_month", "cost_per_case"):
                check_places(self, field, self.division.currency)


class MonthlyReport(models.Model):
    """What a division's report of a month told, as it was told: it is never reckoned again.

    `month` is its first day. `told` is a `reports.monthly.told.Told` as JSON.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="monthly_reports")
    month = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    told = models.JSONField()

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "division")
        constraints = [
            models.UniqueConstraint(fields=["division", "month"], name="month_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.division} · {self.month:%B %Y}"


class NotSent(models.TextChoices):
    """Why somebody does not get a report after all."""

    NOT_THEIRS = "not-theirs", "They get no reports of this division any more"
    NO_ADDRESS = "no-address", "They have no address any more"
    NO_MORE = "no-more", "They asked for no more of these mails"


class ReportDelivery(OwedMail):
    """A report's mail to somebody.

    `copy` is 0 for the one that everybody gets by itself; whoever is sent it again on demand gets
    the copies 1, 2 and so on.
    """

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="deliveries")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    copy = models.PositiveSmallIntegerField(default=0)
    owed_at = models.DateTimeField(default=timezone.now)
    not_sent = models.CharField(max_length=12, choices=NotSent.choices, blank=True)

    objects = ReportDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("due_at", "report_id", "id")
        verbose_name_plural = "report deliveries"
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, not_sent=""),
                name="reports_owed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report", "employee", "copy"], name="report_once_each"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, address="")
                | (Q(sent_at__isnull=False, not_sent="") & not_blank("address")),
                name="report_is_sent_somewhere_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.employee}"


class ReportPreference(models.Model):
    """Whether somebody wants the monthly report by mail; whoever never said so does."""

    employee = models.OneToOneField(Employee, models.CASCADE, related_name="+")
    by_mail = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ReportPreferenceQuerySet.as_manager()

    class Meta:
        ordering = ("employee",)

    def __str__(self) -> str:
        return f"{self.employee} · {'by mail' if self.by_mail else 'no mail'}"
