"""Who gets the monthly report by mail, for administrators to look after."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from employees.admin.base import DivisionAdmin
from reports.models import ReportPreference
from reports.querysets import READERS


@admin.register(ReportPreference)
class ReportPreferenceAdmin(DivisionAdmin):
    """What people have said; who never said anything gets it."""

    division_path = "employee.division"
    list_display = ("employee", "by_mail", "changed_at")
    list_select_related = ("employee",)
    search_fields = ("employee__username", "employee__last_name", "employee__email")
    fieldsets = (
        (
            None,
            {
                "fields": ["employee", "by_mail"],
                "description": "Managers and finance get it, unless they said no.",
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What somebody said is not given to somebody else."""
        return ["employee"] if obj is not None else []

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest | None
    ) -> models.QuerySet[Any] | None:
        """Only those who get reports."""
        people = super().get_field_queryset(db, db_field, request)
        return None if people is None else people.filter(role__in=READERS)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep when it was changed."""
        obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)
