"""Mass incidents: one failure that hits many customers, with a fund of its own.

What must stay true: an incident, its fund, its reason code and its teams are of one division, and
everyone reads why it is paid for so, with words to say. Its money is the fund's, in `budgets`.
"""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from budgets.models import Budget
from employees.models import Division, Employee, Team, not_blank
from employees.models.checks import WithHistory
from policies.models import ReasonCode
from resolutions.querysets import IncidentQuerySet


class Incident(WithHistory):
    """An outage, a storm: its cases are charged to its fund, and personal months stay whole.

    A case is one of it by its reason code, the team that takes it in (none named: any team of the
    division) and the moment it is opened, from `starts_at` until before `ends_at` (empty: until
    it is ended). When the fund is empty, the personal month pays again.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="incidents")
    name = models.CharField(max_length=80, help_text="What people call it: Storm in Perth.")
    reason_code = models.ForeignKey(ReasonCode, models.PROTECT, related_name="incidents")
    teams = models.ManyToManyField(
        Team, blank=True, related_name="incidents", help_text="None chosen: every team."
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="Not included. Empty: until you end it."
    )
    fund = models.OneToOneField(Budget, models.PROTECT, related_name="incident", editable=False)
    rationale = models.TextField(help_text="What happened, and why the company pays for it.")
    customer_wording = models.TextField(help_text="Words to say to the customers it has hit.")
    opened_by = models.ForeignKey(
        Employee, models.PROTECT, related_name="incidents_opened", editable=False
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    history = HistoricalRecords(m2m_fields=[teams], excluded_fields=["request_id"])

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-id")
        indexes = [
            models.Index(fields=["division", "reason_code", "-starts_at"], name="incidents_of_now")
        ]
        constraints = [
            models.CheckConstraint(condition=not_blank("name"), name="incident_has_a_name"),
            models.CheckConstraint(
                condition=not_blank("rationale"), name="incident_has_a_rationale"
            ),
            models.CheckConstraint(
                condition=not_blank("customer_wording"), name="incident_has_words_to_say"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="incident_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an end before the start, and a reason code of another division."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.ends_at is not None and self.starts_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = "Write a moment after it starts, or nothing."
        code = getattr(self, "reason_code", None)
        if code is not None and code.division_id != self.division_id:
            errors["reason_code"] = "This reason code is not one of the division."
        if errors:
            raise ValidationError(errors)
