"""Budgets and the ledger: whose money it is and where it went.

What must stay true, in the database as in `ledger.py`, which alone writes here:

- `spent <= allotted + grace` for every budget.
- A ledger entry is never changed or deleted; a correction is a new entry.
- `allotted - spent` of a month or a fund equals the sum of its entries.
- A month is opened once per employee (in a division), entitlements once per division and month.

All amounts are in the division's currency.
"""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from budgets.querysets import BudgetQuerySet, LedgerEntryQuerySet
from employees.models import Division, Employee
from employees.money import MoneyField


class BudgetKind(models.TextChoices):
    """Whose money it is."""

    MONTH = "month", "An employee's month"
    FUND = "fund", "An incident's fund"
    ENTITLEMENTS = "entitlements", "A division's entitlements of a month"


class Budget(models.Model):
    """Money set aside: an employee's month, an incident's fund, a division's entitlements.

    Months and funds are capped by `allotted + grace`. Entitlements keep no counter, so that no
    row is touched by everyone; their sum is read from the ledger. `month` is the first day of the
    month, where the employee works.
    """

    kind = models.CharField(max_length=12, choices=BudgetKind.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="budgets")
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="budgets"
    )
    month = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    allotted = MoneyField(default=Decimal(0))
    spent = MoneyField(default=Decimal(0))
    grace = MoneyField(default=Decimal(0))
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "division", "employee")
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "division", "month"],
                condition=Q(kind="month"),
                name="month_opened_once",
            ),
            models.UniqueConstraint(
                fields=["division", "month"],
                condition=Q(kind="entitlements"),
                name="entitlements_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(spent__lte=F("allotted") + F("grace")), name="budget_never_overspent"
            ),
            models.CheckConstraint(
                condition=Q(allotted__gte=0, spent__gte=0, grace__gte=0),
                name="budget_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind="month", employee__isnull=False, month__isnull=False)
                | Q(kind="fund", employee__isnull=True, month__isnull=True)
                | Q(
                    kind="entitlements",
                    employee__isnull=True,
                    month__isnull=False,
                    allotted=0,
                    spent=0,
                    grace=0,
                ),
                name="budget_columns_fit_its_kind",
            ),
        ]

    def __str__(self) -> str:
        if self.month is None:
            return self.name
        return f"{self.employee or self.division} · {self.month:%B %Y}"

    @property
    def left(self) -> Decimal:
        """What is left of it, without going over; below zero once someone went over."""
        return Decimal(self.allotted - self.spent)

    @property
    def reach(self) -> Decimal:
        """What is left of it with what may be gone over."""
        return Decimal(self.allotted + self.grace - self.spent)


class EntryKind(models.TextChoices):
    """What moved the money."""

    ALLOTMENT = "allotment", "Allotment"
    SPEND = "spend", "Spend"
    GIVE_BACK = "give-back", "Give-back"
    TOP_UP = "top-up", "Top-up"
    LENT = "lent", "Lent"


class LedgerEntry(models.Model):
    """One movement of money. Positive puts money into the budget, negative takes it out.

    `balance_after` is `allotted - spent` of the budget after this entry; entitlements have none.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    amount = MoneyField()
    balance_after = MoneyField(null=True)
    request_id = models.UUIDField(default=uuid.uuid4, db_index=True)
    actor = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", help_text="Empty: by itself."
    )
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["budget", "-id"], name="entries_of_a_budget")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["spend", "lent"], amount__lte=0)
                | Q(kind__in=["allotment", "give-back", "top-up"], amount__gte=0),
                name="entry_sign_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
