"""An employee's last months, beside their page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from budgets.admin.columns import used_percent
from budgets.models import Budget
from employees.admin.base import actor
from employees.admin.people import EmployeeAdmin

_MONTHS = 6


def months_beside(request: HttpRequest, employee: Any) -> str:
    """How much of each month was used; nothing for those who may not see money."""
    if not request.user.has_perm("budgets.view_budget"):
        return ""
    months = Budget.objects.visible_to(actor(request)).filter(employee=employee, kind="month")
    rows = [(b, used_percent(b)) for b in months.select_related("division")[:_MONTHS]]
    context = {"rows": rows, "employee": employee}
    return render_to_string("admin/budgets/months_beside.html", context, request)


EmployeeAdmin.panels.append(months_beside)
