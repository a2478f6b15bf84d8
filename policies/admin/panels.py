"""The rules beside a tier, a remedy, a reason code or a team: what holds for it now, and soon."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from employees.admin.base import Panel, actor
from employees.admin.teams import TeamAdmin
from employees.admin.tiers import TierAdmin
from policies.admin.reason_codes import ReasonCodeAdmin
from policies.admin.remedies import RemedyAdmin
from policies.models import Policy


def rules_beside(scope: str) -> Panel:
    """A panel with the rules whose `scope` names the row, or names none and so covers all."""

    def panel(request: HttpRequest, row: Any) -> str:
        at = timezone.now()
        rules = (
            Policy.objects.visible_to(actor(request))
            .filter(Q(**{scope: row}) | Q(**{f"{scope}__isnull": True}), division=row.division_id)
            .order_by("title")
            .distinct()
        )
        context = {
            "row": row,
            "now": at,
            "in_force": rules.in_force(at).readable().with_successor(),
            "scheduled": rules.scheduled(at).readable(),
        }
        return render_to_string("admin/policies/rules_beside.html", context, request)

    return panel


TierAdmin.panels.append(rules_beside("tiers"))
TeamAdmin.panels.append(rules_beside("teams"))
RemedyAdmin.panels.append(rules_beside("remedies"))
ReasonCodeAdmin.panels.append(rules_beside("reason_codes"))
