"""The ways to trying a change: beside a rule and beside a tier."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from employees.admin.base import actor
from employees.admin.tiers import TierAdmin
from employees.models import AuthorityTier
from policies.admin.policies import PolicyAdmin
from policies.models import Effect, Policy, Status
from resolutions.trying.trials import figure_may_be_tried, may_try

TRY = "admin:resolutions_trial_try"


def way_to_try(about: Any, **asked: Any) -> str:
    """Where a rule, by its last version, or a tier's limit is tried; nothing for what can't be."""
    if isinstance(about, AuthorityTier):
        return f"{reverse(TRY)}?{urlencode({'tier': about.pk, **asked})}"
    if not isinstance(about, Policy) or about.withdrawn:
        return ""
    if about.status == Status.PUBLISHED and about.effect == Effect.FORBID:
        return ""
    return f"{reverse(TRY)}?{urlencode({'policy': about.pk, **asked})}"


def may_be_tried(rule: Policy) -> bool:
    """Whether a version can be tried: a draft as it is, another one with another figure."""
    if rule.status == Status.DRAFT:
        return not rule.withdrawn
    return figure_may_be_tried(rule, timezone.now())


def trying_beside(request: HttpRequest, row: Any) -> str:
    """The panel with the way there, for those who may."""
    if not may_try(actor(request), row.division):
        return ""
    if isinstance(row, Policy) and not may_be_tried(row):
        return ""
    way = way_to_try(row)
    context = {"way": way, "row": row, "is_draft": getattr(row, "status", "") == Status.DRAFT}
    return render_to_string("admin/resolutions/trying_beside.html", context, request) if way else ""


PolicyAdmin.panels.append(trying_beside)
TierAdmin.panels.append(trying_beside)
