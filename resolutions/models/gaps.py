"""Authority gaps: what someone wanted to do for a customer and could not."""

import uuid
from decimal import Decimal

from django.db import models
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee
from employees.money import MoneyField
from policies.models import Policy, ReasonCode, Remedy
from resolutions.models.cases import Case
from resolutions.models.customers import Customer
from resolutions.querysets import AuthorityGapQuerySet


class AuthorityGap(models.Model):
    """Something an agent wanted to do and was not allowed to: who, what, how much, which rule."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="gaps")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="gaps")
    tier = models.ForeignKey(AuthorityTier, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="gaps")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="gaps"
    )
    reason_code = models.ForeignKey(ReasonCode, models.PROTECT, null=True, related_name="gaps")
    remedy = models.ForeignKey(Remedy, models.PROTECT, null=True, related_name="gaps")
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, related_name="gaps")
    bound = models.CharField(max_length=12, blank=True, help_text="What kind of bound refused it.")
    quantity = models.PositiveIntegerField(null=True)
    face_value = MoneyField(default=Decimal(0))
    cost = MoneyField(default=Decimal(0))
    words = models.TextField(blank=True, help_text="In the agent's own words.")
    decision = models.JSONField(default=dict)
    request_id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField(default=timezone.now)

    objects = AuthorityGapQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.remedy or self.words[:40]} · {self.employee}"
