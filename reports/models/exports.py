"""What was exported: who, what, with which filter, how many rows, and when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from employees.models import Employee
from reports.models.tokens import MachineToken
from reports.querysets import ExportRunQuerySet


class ExportName(models.TextChoices):
    """What can be exported."""

    RESOLUTIONS = "resolutions", "Resolutions"
    LEDGER = "ledger", "Ledger"
    BUDGETS = "budgets", "Budgets"
    CASES = "cases", "Cases"
    GAPS = "gaps", "Authority gaps"


class ExportFormat(models.TextChoices):
    """The kind of file."""

    CSV = "csv", "CSV"
    JSONL = "jsonl", "JSON Lines"
    XLSX = "xlsx", "Excel"
    PARQUET = "parquet", "Parquet"


class Outcome(models.TextChoices):
    """How it went."""

    RUNNING = "running", "Running"
    WHOLE = "whole", "Whole"
    BROKEN_OFF = "broken-off", "Broken off"


class ExportRun(models.Model):
    """One export, by someone or by a machine's token. Written before the first byte goes out.

    `asked` holds the filters as they were asked for, and the columns where some were chosen.
    `rows` is how many went out; of one that was broken off, how many had gone out by then. A
    process that was killed leaves it running.
    """

    export = models.CharField(max_length=12, choices=ExportName.choices)
    format = models.CharField(max_length=8, choices=ExportFormat.choices)
    asked = models.JSONField(default=dict)
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="exports"
    )
    token = models.ForeignKey(
        MachineToken, models.PROTECT, null=True, blank=True, related_name="exports_made"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    rows = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ExportRunQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at", "-id")
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="exports_lately"),
            models.Index(fields=["token", "-started_at"], name="exports_of_a_token"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(employee__isnull=False, token__isnull=True)
                | Q(employee__isnull=True, token__isnull=False),
                name="export_is_by_someone_or_a_machine",
            ),
            models.CheckConstraint(
                condition=Q(outcome="running", ended_at__isnull=True)
                | Q(outcome__in=["whole", "broken-off"], ended_at__isnull=False),
                name="export_has_ended_or_is_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_export_display()} · {self.started_at:%Y-%m-%d %H:%M}"
