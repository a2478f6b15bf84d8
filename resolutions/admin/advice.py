"""The limit advisor's page: what refusing costs, which limits lie below that, and what to try."""

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from budgets.admin.chosen import is_manager
from employees.admin.base import actor
from resolutions.admin.gap_filters import periods_of
from resolutions.advisor import Advisor

if TYPE_CHECKING:
    from employees.models import Division


def advice_view(admin: Any, request: HttpRequest) -> HttpResponse:
    """What is to be said of the limits of one's division, by what was refused last month."""
    if not is_manager(request):
        raise PermissionDenied
    division = cast("Division", actor(request).division)
    period = next(p for p in periods_of(request) if p.key == "last-month")
    context = {
        **admin.admin_site.each_context(request),
        "title": "Limit advisor",
        "opts": admin.opts,
        "division": division,
        "currency": division.currency,
        "with_return": division.approval_cost + division.return_cost,
        "period": period,
        "advisor": Advisor(division, timezone.now(), period.gaps),
    }
    return TemplateResponse(request, "admin/resolutions/advice.html", context)
