"""Closed months: what remedies cost a division in a month, as it went into the books.

All amounts are in the division's currency, at cost.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from budgets.models import LedgerEntry
from employees.models import Division, Employee
from employees.money import MoneyField
from reports.querysets import PeriodCloseQuerySet


class PeriodClose(models.Model):
    """A month of a division, closed by finance: never changed, deleted or closed again.

    `month` is its first day. It holds every spend, loan and give-back up to the month's end, where
    the team works, that no close before it holds; what comes later is in a later one. `spent` is
    what was taken and `given_back` what came back; `checksum` is the SHA-256 of the journal file.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="closes")
    month = models.DateField()
    currency = models.CharField(max_length=3)
    budget_account = models.CharField(max_length=40, blank=True)
    entries = models.PositiveBigIntegerField()
    spent = MoneyField()
    given_back = MoneyField()
    checksum = models.CharField(max_length=64)
    closed_by = models.ForeignKey(Employee, models.PROTECT, related_name="closes")
    closed_at = models.DateTimeField(default=timezone.now)

    objects = PeriodCloseQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "division")
        constraints = [
            models.UniqueConstraint(fields=["division", "month"], name="month_closed_once"),
            models.CheckConstraint(
                condition=Q(spent__gte=0, given_back__gte=0), name="close_amounts_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division} · {self.month:%B %Y}"

    @property
    def net(self) -> Decimal:
        """What the month cost: what was taken less what came back."""
        return Decimal(self.spent - self.given_back)


class LineKind(models.TextChoices):
    """Which way the money went."""

    SPENT = "spent", "Spent"
    GIVEN_BACK = "given-back", "Given back"


class CloseLine(models.Model):
    """What one remedy cost one cost centre in a close, with the codes as they were then.

    What was given back of an earlier close has a line of its own, which names the `original`
    entry and the month in whose close that one is.
    """

    close = models.ForeignKey(PeriodClose, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    account = models.CharField(max_length=40, blank=True)
    cost_centre = models.CharField(max_length=40, blank=True)
    remedy = models.CharField(max_length=50, blank=True, help_text="Its code.")
    amount = MoneyField()
    entries = models.PositiveBigIntegerField()
    original = models.ForeignKey(
        LedgerEntry, models.PROTECT, null=True, blank=True, related_name="+"
    )
    original_month = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("close", "position")
        constraints = [
            models.UniqueConstraint(fields=["close", "position"], name="line_once_a_close"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="line_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(original__isnull=True, original_month__isnull=True)
                | Q(kind="given-back", original__isnull=False, original_month__isnull=False),
                name="only_a_give_back_names_an_original",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.cost_centre} {self.remedy}"


class ClosedEntry(models.Model):
    """Which close a ledger entry is in: one at most."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="closed")
    close = models.ForeignKey(PeriodClose, models.PROTECT, related_name="closed_entries")

    class Meta:
        verbose_name_plural = "closed entries"

    def __str__(self) -> str:
        return f"{self.entry_id} · {self.close}"
