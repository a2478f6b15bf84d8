"""Requests: the same request has one effect, however often it arrives."""

from django.db import models
from django.utils import timezone

from employees.models import Employee
from resolutions.models.cases import Case


class Submission(models.Model):
    """A request that was carried out or refused, and the answer it got.

    The same request arriving twice has one effect, and the second answer is this first one. The
    same id with other contents is refused: `fingerprint` tells them apart.
    """

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    request_id = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    refused = models.CharField(max_length=40, blank=True)
    answer = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "request_id"], name="request_has_one_effect"
            )
        ]

    def __str__(self) -> str:
        return str(self.request_id)
