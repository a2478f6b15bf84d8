"""Customers: who buys from a division, by the reference that it knows them by."""

from django.db import models

from employees.models import Division, not_blank
from resolutions.querysets import CustomerQuerySet


class Customer(models.Model):
    """Someone who buys from a division, by the reference the division knows them by."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="customers")
    reference = models.CharField(
        max_length=80, help_text="Account, phone number or e-mail: what the customer is known by."
    )
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    segment = models.CharField(max_length=40, blank=True)
    customer_since = models.DateField(null=True, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ("division", "reference")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "reference"], name="customer_once_a_division"
            ),
            models.CheckConstraint(condition=not_blank("reference"), name="customer_is_findable"),
        ]

    def __str__(self) -> str:
        return self.name or self.reference
