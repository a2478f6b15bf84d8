"""Which monthly report was mailed to whom, and what keeps the others, for administrators.

What must stay true: nothing of what a report tells is here, as they see no money.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from employees.admin.base import DivisionAdmin, LookOnly, person_column
from reports.models import ReportDelivery


class StandingFilter(admin.SimpleListFilter):
    """What was sent, is owed, or will not be sent."""

    title = "how it stands"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What can be asked for."""
        return [("owed", "Owed"), ("sent", "Sent"), ("not-sent", "Not sent")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Narrow the list to it."""
        match self.value():
            case "owed":
                return ReportDelivery.objects.owed() & queryset
            case "sent":
                return queryset.filter(sent_at__isnull=False)
            case "not-sent":
                return queryset.exclude(not_sent="")
        return None


@admin.register(ReportDelivery)
class ReportDeliveryAdmin(LookOnly, DivisionAdmin):
    """The mails of all reports."""

    division_path = "report.division"
    list_display = ("report", "employee", "standing", "owed_at", "sent_at")
    list_select_related = ("report__division", "employee")
    list_filter = (StandingFilter, "report__division")
    search_fields = ("employee__username", "employee__last_name", "address")
    ordering = ("-owed_at", "-pk")
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": [
                    *("report", person_column("employee", "employee"), "standing"),
                    *("owed_at", "sent_at", "address", "attempts"),
                ]
            },
        ),
    )

    @admin.display(description="how it stands")
    def standing(self, mail: ReportDelivery) -> str:
        """Whether it was sent, or why not."""
        if mail.sent_at:
            return "Sent"
        if mail.not_sent:
            return f"Not sent: {mail.get_not_sent_display()}"
        return f"Owed: {mail.last_error}" if mail.last_error else "Owed"

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """It stays, or is sent by itself."""
        return "What is owed is tried again by itself, and what was sent stays as it was."
