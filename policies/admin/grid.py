"""The grid: how far each tier goes with each remedy, to look at, to print, and to change."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from employees.admin.base import actor, sees_several
from employees.models import AuthorityTier, Division, Employee
from policies.grid import grid_of
from policies.grid_words import GridWords
from policies.models import Policy
from policies.rulebook import rulebook_of
from policies.set_limit import tier_terms


def grid_view(admin: Any, request: HttpRequest) -> HttpResponse:
    """The grid of one's division, or of the one chosen by `?division=`; `?after=` one reason."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    me, at = actor(request), timezone.now()
    divisions = list(_divisions(me))
    division = _chosen(request, divisions)
    rulebook = rulebook_of(division)
    reason = rulebook.reason(request.GET.get("after", ""))
    tiers = list(AuthorityTier.objects.visible_to(me).filter(division=division))
    grid = grid_of(
        rulebook, [tier_terms(tier) for tier in tiers], at=at, reason=reason.id if reason else None
    )
    rules = Policy.objects.visible_to(me).filter(division=division).readable().in_bulk(grid.rules)
    context = {
        **admin.admin_site.each_context(request),
        "title": "The grid",
        "opts": admin.opts,
        "grid": GridWords(grid, rules=rules, tiers=tiers, at=at),
        "tiers": tiers,
        "division": division,
        "divisions": divisions if sees_several(me) else (),
        "reasons": [r for r in rulebook.reasons if r.is_active],
        "reason": reason,
        "may_change": admin.has_add_permission(request),
        "now": at,
    }
    return TemplateResponse(request, "admin/policies/grid.html", context)


def _divisions(me: Employee) -> QuerySet[Division]:
    return Division.objects.visible_to(me).order_by("name")


def _chosen(request: HttpRequest, divisions: list[Division]) -> Division:
    """The division asked for, one's own, or the first; what one may not see is not there."""
    code = request.GET.get("division")
    own = actor(request).division_id
    for division in divisions:
        if division.code == code or (code is None and division.pk == own):
            return division
    if code is None and divisions:
        return divisions[0]
    raise Http404
