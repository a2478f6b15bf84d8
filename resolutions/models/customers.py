"""Customers: who buys from a division, by the reference that it knows them by."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower

from employees.models import Division, not_blank
from employees.money import MoneyField
from resolutions.querysets import CustomerQuerySet


class Customer(models.Model):
    """Someone who buys from a division, by the reference the division knows them by.

    `lifetime_value` is in the division's currency; rules can ask for it, and nothing adds to it.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="customers")
    reference = models.CharField(
        max_length=80, help_text="Account, phone number or e-mail: what the customer is known by."
    )
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    segment = models.CharField(max_length=40, blank=True)
    customer_since = models.DateField(null=True, blank=True)
    lifetime_value = MoneyField(
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="All that they have bought so far, as your shop's own system counts it.",
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ("division", "reference")
        indexes = [
            # Several may have one address, in any letters: it is mailed once for all of them.
            models.Index(F("division"), Lower("email"), name="customers_by_address"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "reference"], name="customer_once_a_division"
            ),
            models.CheckConstraint(condition=not_blank("reference"), name="customer_is_findable"),
        ]

    def __str__(self) -> str:
        return self.name or self.reference
