"""What is looked at afterwards, never before: as a list, and beside the budget that paid."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from budgets.admin.budgets import BudgetAdmin
from employees.admin.base import actor
from resolutions.models import Resolution

_SHOWN = 10


class AfterwardsFilter(admin.SimpleListFilter):
    """Whether somebody still has to look at what was decided, or has."""

    title = "looked at afterwards"
    parameter_name = "afterwards"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Only these: of most, nobody has to."""
        return [("yes", "To be looked at"), ("done", "Looked at")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep those of which it is so."""
        rows: Any = queryset
        match self.value():
            case "yes":
                rows = rows.to_look_at()
            case "done":
                rows = rows.looked_at()
        kept: QuerySet[Any] = rows
        return kept


def afterwards_beside(request: HttpRequest, budget: Any) -> str:
    """The latest of a budget, each with the way to its decision; nothing where there is none."""
    given = (
        Resolution.objects.visible_to(actor(request))
        .to_look_at()
        .filter(entry__budget=budget)
        .with_give_back()
        .select_related("remedy", "case__division")
        .order_by("-at", "-pk")[:_SHOWN]
    )
    if not given:
        return ""
    context = {"given": given, "currency": budget.division.currency}
    return render_to_string("admin/resolutions/afterwards_beside.html", context, request)


BudgetAdmin.panels.append(afterwards_beside)
