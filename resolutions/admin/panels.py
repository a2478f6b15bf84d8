"""What of a budget is looked at afterwards, beside its page: given over it, or by a rule's wish."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from budgets.admin.budgets import BudgetAdmin
from employees.admin.base import actor
from resolutions.models import Resolution

_SHOWN = 10


def afterwards_beside(request: HttpRequest, budget: Any) -> str:
    """The latest of them, each with the way to its decision; nothing where there is none."""
    given = (
        Resolution.objects.visible_to(actor(request))
        .filter(entry__budget=budget, review_afterwards=True)
        .select_related("remedy", "case__division", "given_by")
        .order_by("-at", "-pk")[:_SHOWN]
    )
    if not given:
        return ""
    context = {"given": given, "currency": budget.division.currency}
    return render_to_string("admin/resolutions/afterwards_beside.html", context, request)


BudgetAdmin.panels.append(afterwards_beside)
