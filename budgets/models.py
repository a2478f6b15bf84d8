"""Budgets and the ledger: whose money it is and where it went.

What must stay true, in the database as in `ledger.py`, `top_ups.py` and `months.py` (with
`open_many.py` and `new_budgets.py`), which alone write here:

- `spent <= allotted + grace` for every budget.
- A ledger entry is never changed or deleted; a correction is a new entry.
- `allotted - spent` of a month or a fund equals the sum of its entries.
- A month is opened once per employee (in a division), entitlements once per division and month.
- Money is given back once, whole, to the budget it came from; it is lent by someone else, of the
  same division, towards a spend. Nobody tops up their own month, and each top-up says why.

All amounts are in the division's currency.
"""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from budgets.querysets import BudgetQuerySet, LedgerEntryQuerySet
from employees.models import Division, Employee, not_blank
from employees.money import MoneyField
from employees.transactions import TransactionField

NOTE_LENGTH = 200


class BudgetKind(models.TextChoices):
    """Whose money it is."""

    MONTH = "month", "An employee's month"
    FUND = "fund", "An incident's fund"
    ENTITLEMENTS = "entitlements", "A division's entitlements of a month"


class Budget(models.Model):
    """Money set aside: an employee's month, an incident's fund, a division's entitlements.

    Months and funds are capped by `allotted + grace`. Entitlements keep no counter, so that no
    row is touched by everyone; their sum is read from the ledger. `month` is the first day of the
    month, where the employee works. `base` is the part of a month's `allotted` that the tier or
    the employee's own budget gives; the rest was topped up.
    """

    kind = models.CharField(max_length=12, choices=BudgetKind.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="budgets")
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="budgets"
    )
    month = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    base = MoneyField(default=Decimal(0), db_default=Decimal(0))
    allotted = MoneyField(default=Decimal(0))
    spent = MoneyField(default=Decimal(0))
    grace = MoneyField(default=Decimal(0))
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "division", "employee")
        indexes = [models.Index(fields=["-month", "-id"], name="budgets_in_months")]
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
                condition=Q(base=0) | Q(kind="month", base__gte=0, base__lte=F("allotted")),
                name="base_is_a_part_of_a_months_allotted",
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
    `concerns` is the entry that this one is about: what a give-back takes back, and the spend that
    money was lent towards. The note of a top-up or a give-back is its reason.
    """

    budget = models.ForeignKey(
        Budget,
        models.PROTECT,
        related_name="entries",
        db_index=False,  # `entries_of_a_budget` begins with it
    )
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    amount = MoneyField()
    balance_after = MoneyField(null=True)
    concerns = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="concerned_by"
    )
    request_id = models.UUIDField(default=uuid.uuid4, db_index=True)
    actor = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", help_text="Empty: by itself."
    )
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    at = models.DateTimeField(default=timezone.now)
    transaction_id = TransactionField()

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(fields=["budget", "-id"], name="entries_of_a_budget"),
            models.Index(fields=["transaction_id"], name="entries_of_a_transaction"),
            models.Index(fields=["at"], name="entries_of_a_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["spend", "lent"], amount__lte=0)
                | Q(kind__in=["allotment", "give-back", "top-up"], amount__gte=0),
                name="entry_sign_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["give-back", "lent"], concerns__isnull=False)
                | Q(kind__in=["allotment", "spend", "top-up"], concerns__isnull=True),
                name="entry_concerns_what_its_kind_does",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["give-back", "top-up"]) | not_blank("note"),
                name="top_up_and_give_back_say_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["give-back", "top-up", "lent"]) | Q(actor__isnull=False),
                name="somebody_tops_up_lends_and_gives_back",
            ),
            models.UniqueConstraint(
                fields=["concerns"], condition=Q(kind="give-back"), name="given_back_once"
            ),
            models.UniqueConstraint(
                fields=["budget", "request_id"],
                condition=Q(kind="top-up"),
                name="topped_up_once_a_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class LedgerCheck(models.Model):
    """One proof of the whole ledger: how many entries it read, and what did not add up.

    `problems` counts all of them and `found` keeps the first hundred. `finished_at` is empty while
    it runs, or when it was killed. The mail about it is owed until `mailed_at`; `claimed_at` is
    when a sender took it.
    """

    request_id = models.UUIDField(default=uuid.uuid4, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    entries = models.PositiveBigIntegerField(default=0)
    problems = models.PositiveBigIntegerField(default=0)
    found = models.JSONField(default=list)
    claimed_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.started_at:%d %B %Y}: {self.problems} problems"
