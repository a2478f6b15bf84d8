"""Teams: people who work together, in one time zone."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from employees.admin.history import HistoryAdmin
from employees.models import Team


@admin.register(Team)
class TeamAdmin(HistoryAdmin):
    """The division's teams."""

    list_display = ("name", "time_zone", "cost_centre", "people")
    ordering = ("division", "name")
    search_fields = ("name", "cost_centre")
    fieldsets = (
        (
            None,
            {
                "fields": ["division", "name", "time_zone", "cost_centre"],
                "description": "A month begins at midnight in the team's time zone.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many people are in each."""
        active = Count("members", filter=Q(members__is_active=True))
        rows = super().get_queryset(request).select_related("division")
        annotated: QuerySet[Any] = rows.annotate(people=active)
        return annotated

    @admin.display(description="people", ordering="people")
    def people(self, team: Any) -> int:
        """How many people are in it."""
        return int(team.people)
