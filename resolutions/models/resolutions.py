"""Resolutions: what was given in a case, by whom, and the money that it took.

What must stay true: a resolution is never changed or deleted, and nobody gives to themselves. One
that could not be carried out stays, too: the ledger says that its money was given back.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from budgets.models import EntryKind, LedgerEntry
from employees.models import AuthorityTier, Employee, Team
from employees.money import MoneyField
from employees.transactions import TransactionField
from policies.models import Remedy
from resolutions.measure import measure_of
from resolutions.models.cases import Case
from resolutions.querysets import ResolutionQuerySet


class Resolution(models.Model):
    """One remedy given in a case, by someone, for an amount, charged to a budget.

    `face_value` is what it is worth to the customer, `cost` what it costs the company.
    `decision` is the decision as it was, with every bound and its reason.
    """

    class Verdict(models.TextChoices):
        """A resolution is within authority, or a little further and read afterwards."""

        WITHIN = "within", "Within authority"
        GRACE = "grace", "A little further"

    case = models.ForeignKey(Case, models.PROTECT, related_name="resolutions")
    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="resolutions")
    given_by = models.ForeignKey(Employee, models.PROTECT, related_name="resolutions")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    tier = models.ForeignKey(AuthorityTier, models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveIntegerField(null=True)
    face_value = MoneyField()
    cost = MoneyField()
    against_limit = MoneyField(help_text="How much of the tier's limit for the case it used.")
    description = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    owed = models.BooleanField("owed to the customer", default=False)
    review_afterwards = models.BooleanField(default=False)
    decision = models.JSONField()
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="resolution")
    request_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    transaction_id = TransactionField()

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["transaction_id"], name="given_in_a_transaction")]
        constraints = [
            models.CheckConstraint(
                condition=Q(face_value__gte=0, cost__gte=0, against_limit__gte=0),
                name="resolution_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remedy} · {self.cost}"

    @property
    def measure(self) -> Decimal:
        """The amount at face value, or the quantity."""
        return measure_of(self.face_value, self.quantity)

    @cached_property
    def give_back(self) -> LedgerEntry | None:
        """The entry that gave its money back, because it could not be carried out.

        Rows that were read `with_give_back` know it; others ask.
        """
        about = self.entry.concerned_by.all()
        return next((entry for entry in about if entry.kind == EntryKind.GIVE_BACK), None)
