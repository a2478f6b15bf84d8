"""What can be given, and what it costs the company. Amounts are in the division's currency."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from employees.models import Division, not_blank
from employees.money import MoneyField, refuse_too_many_places
from policies.querysets import RemedyQuerySet

AT_LEAST_ZERO = MinValueValidator(Decimal(0))


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
    avoids_return = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Refusing it would mean taking something back, which costs a return.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Order on the case form.")
    is_active = models.BooleanField("in use", default=True)
    gl_account = models.CharField(
        "general-ledger account",
        max_length=40,
        blank=True,
        db_default="",
        help_text="Where finance books what it costs, such as 6410.",
    )
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
