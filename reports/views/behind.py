"""The way from a figure to what it counts: to a list of the admin, or to an export for finance.

A list holds what the figure counts, as nearly as the admin can be asked for it; an export what the
report is narrowed to. The report's own links are short and say only which figure it is: a report
has hundreds of them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from budgets.days import begin_of_day
from employees.doors import EmployeeRequest, page_for
from employees.models import AuthorityTier, Role, Team
from policies.models import ReasonCode, Remedy
from reports.figures import Scope
from reports.measured.period import Period
from reports.views.asked_report import asked_report

# How the list of cases is narrowed to what a figure counts.
_CASES = {
    "cases": {},
    "approvals": {"state__exact": "put-right", "escalated": "no"},
    "first-contact": {"state__exact": "put-right"},
    "time": {"state__exact": "put-right"},
    "handed-over": {"escalated": "yes"},
    "second-failures": {"second_failure__exact": "1"},
    "satisfaction": {"score": "any"},
}
_CALLED: Mapping[str, tuple[Any, str]] = {  # programs ask for names and codes, not for numbers
    "team": (Team, "name"),
    "tier": (AuthorityTier, "name"),
    "remedy": (Remedy, "code"),
    "reason_code": (ReasonCode, "code"),
}


@page_for(Role.MANAGER, Role.FINANCE)
@require_safe
def behind(request: EmployeeRequest, what: str) -> HttpResponse:
    """Lead to what a figure counts. Raises Http404: its address is written by the report."""
    asked = asked_report(request)
    if asked is None or not asked.form.is_valid():
        raise Http404
    scope = asked.form.scope(asked.division)
    if request.user.role == Role.FINANCE:
        return redirect(_export(what, scope))
    return redirect(_list(what, scope, request.GET.dict()))


def _list(what: str, scope: Scope, told: Mapping[str, str]) -> str:
    """The list of the admin that holds it."""
    if what == "over-budget":
        return _address("admin:budgets_budget_changelist", _of_budgets(scope))
    days = {"days_from": scope.first, "days_to": scope.last}
    of = {"team__id__exact": scope.team, "tier__id__exact": scope.tier}
    reason, remedy, channel = scope.reason_code, scope.remedy, scope.channel
    if what == "cost":
        asked = {
            "remedy__id__exact": remedy,
            "case__reason_code__id__exact": reason,
            "case__channel__exact": channel,
        }
        return _address("admin:resolutions_resolution_changelist", {**days, **of, **asked})
    if what == "gaps":  # they know no channel
        asked = {"remedy__id__exact": remedy, "reason_code__id__exact": reason}
        by = {"rule": told.get("rule"), "bound": told.get("bound")}
        return _address("admin:resolutions_authoritygap_changelist", {**days, **by, **of, **asked})
    if what not in _CASES:
        raise Http404
    asked = {"given": remedy, "reason_code__id__exact": reason, "channel__exact": channel}
    return _address("admin:resolutions_case_changelist", {**days, **of, **asked, **_CASES[what]})


def _of_budgets(scope: Scope) -> Mapping[str, Any]:
    """The months that went over; a remedy, reason or channel narrows no budget."""
    first, last = scope.first.replace(day=1), scope.last.replace(day=1)
    months = (
        {"month": f"{first:%Y-%m}"}
        if first == last
        else {"month": "all", "month__gte": first, "month__lte": last}
    )
    of = {"employee__team__id__exact": scope.team, "employee__tier__id__exact": scope.tier}
    return {"use": "over", **months, **of}


def _export(what: str, scope: Scope) -> str:
    """The export that holds it: of money the ledger, and cases unless it is something else."""
    names = tuple(_CALLED)
    if what == "over-budget":
        name, when, names = "budgets", _months(scope), ("team", "tier")
    elif what in ("cost", "gaps"):
        name, when = {"cost": "ledger", "gaps": "gaps"}[what], _at(scope)
    elif what in _CASES:
        name, when = "cases", _moments(scope, "ended")
    else:
        raise Http404
    asked = {
        "division": scope.division.code,
        **when,
        **{by: _called(by, scope) for by in names},
        "channel": "" if name == "budgets" else scope.channel,
        "format": "csv",
    }
    return _address("pull-export", asked, name)


def _called(by: str, scope: Scope) -> str:
    model, field = _CALLED[by]
    number = getattr(scope, by)
    found = model.objects.filter(division=scope.division, pk=number).values_list(field, flat=True)
    return found.get() if number is not None else ""


def _at(scope: Scope) -> Mapping[str, Any]:
    """Whole months where each team works; other days in the division's zone."""
    whole = Period(scope.first, scope.last).whole_months
    return _months(scope) if whole else _moments(scope, "at")


def _months(scope: Scope) -> Mapping[str, Any]:
    return {"month_from": f"{scope.first:%Y-%m}", "month_to": f"{scope.last:%Y-%m}"}


def _moments(scope: Scope, name: str) -> Mapping[str, Any]:
    """From midnight to midnight in the division's zone."""
    zone = ZoneInfo(scope.division.time_zone)
    return {
        f"{name}_from": begin_of_day(scope.first, zone).isoformat(),
        f"{name}_to": begin_of_day(scope.last + timedelta(days=1), zone).isoformat(),
    }


def _address(view: str, asked: Mapping[str, Any], *of: str) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse(view, args=of)}?{query}"
