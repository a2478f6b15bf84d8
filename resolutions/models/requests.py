"""Requests and mails: the same request has one effect, and a mail that is owed is sent once."""

from django.db import models
from django.db.models import Q
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


class FollowUp(models.Model):
    """The mail that asks the customer how it went: owed until it is sent, and sent once."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="follow_up")
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("due_at",)
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="mails_owed")
        ]

    def __str__(self) -> str:
        return f"{self.case} · {'sent' if self.sent_at else 'owed'}"
