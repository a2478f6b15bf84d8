"""Tokens for machines: the key that a nightly job pulls exports with."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from employees.models import Division, Employee, not_blank
from reports.querysets import MachineTokenQuerySet


class MachineToken(models.Model):
    """A key for a program, with what it opens. It is shown once; only its hash is kept.

    It opens `exports` (see `ExportName`) of `divisions`, or of all where `all_divisions` is set,
    and never more than whoever made it may give. `own_words` lets it read what people wrote in
    their own words, in which a customer may be named. `begins` is how people tell it from others.
    `division_count` says how many divisions it was made for, so that none is added later; the
    request id makes a form that was sent twice one token.
    """

    NAME_LENGTH = 80

    name = models.CharField(
        max_length=NAME_LENGTH, help_text="What it is for: Nightly load, Power BI."
    )
    begins = models.CharField(max_length=20, editable=False)
    digest = models.CharField(max_length=128, unique=True, editable=False)
    exports = models.JSONField(default=list)
    all_divisions = models.BooleanField(default=False)
    divisions = models.ManyToManyField(Division, blank=True, related_name="machine_tokens")
    division_count = models.PositiveSmallIntegerField(default=0, editable=False)
    own_words = models.BooleanField(default=False)
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="machine_tokens")
    made_at = models.DateTimeField(default=timezone.now)
    request_id = models.UUIDField(default=uuid4, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="machine_tokens_revoked"
    )

    objects = MachineTokenQuerySet.as_manager()

    last_used_at: datetime | None  # read by `with_last_use`

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = [
            models.CheckConstraint(condition=not_blank("name"), name="token_has_a_name"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="token_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(all_divisions=True, division_count=0)
                | Q(all_divisions=False, division_count__gt=0),
                name="token_opens_all_divisions_or_some",
            ),
            models.UniqueConstraint(fields=["made_by", "request_id"], name="token_made_once"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="somebody_revokes_a_token",
            ),
        ]

    def __str__(self) -> str:
        return self.name
