"""From a figure to what it counts: lists of the admin for managers, exports for finance.

Both are narrowed as the figure is; what they can't be narrowed to has no way.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.http import urlencode

from budgets.days import begin_of
from employees.models import AuthorityTier, Employee, Role, Team
from policies.models import ReasonCode, Remedy
from reports.figures import By, Key, Scope
from reports.measured.division import Ways
from reports.measured.names import Refused
from reports.measured.period import Period

Where = Callable[[str, Scope], str]  # what a figure is called, and what it is of
_CASES_BESIDE = {
    "approvals": {"state__exact": "put-right"},
    "first-contact": {"state__exact": "put-right"},
    "time": {"state__exact": "put-right"},
    "handed-over": {"escalated": "yes"},
    "second-failures": {"second_failure__exact": "1"},
    "satisfaction": {"score": "any"},
}


def ways_for(employee: Employee, scope: Scope) -> tuple[Where, Ways]:
    """From a figure of the headline, and from those of tables. Four queries for finance."""
    if employee.role == Role.MANAGER:
        where, refused = _in_the_admin, _gaps_in_the_admin
    else:
        exports = _Exports(scope)
        where, refused = exports.where, exports.gaps

    def of_row(by: By) -> Callable[[str, Key], str]:
        def way(what: str, key: Key) -> str:
            narrower: dict[str, Any] = {by.value: key}
            return "" if key is None else where(what, replace(scope, **narrower))

        return way

    return where, Ways(of_row, lambda each: refused(each, scope))


def _in_the_admin(what: str, scope: Scope) -> str:
    narrowed: dict[str, Any] = {"team__id__exact": scope.team, "tier__id__exact": scope.tier}
    if what == "over-budget":
        return _budgets_in_the_admin(scope)
    if what == "cost":
        narrowed |= {
            "remedy__id__exact": scope.remedy,
            "case__reason_code__id__exact": scope.reason_code,
        }
        channel = {"case__channel__exact": scope.channel}
        return _list("resolutions_resolution", {**_days(scope), **narrowed, **channel})
    narrowed |= {"given": scope.remedy, "reason_code__id__exact": scope.reason_code}
    beside = {"channel__exact": scope.channel, **_CASES_BESIDE.get(what, {})}
    return _list("resolutions_case", {**_days(scope), **narrowed, **beside})


def _budgets_in_the_admin(scope: Scope) -> str:
    """The months that went over; a remedy, reason or channel narrows no budget."""
    first, last = scope.first.replace(day=1), scope.last.replace(day=1)
    months = (
        {"month": f"{first:%Y-%m}"}
        if first == last
        else {"month": "all", "month__gte": first, "month__lte": last}
    )
    of = {"employee__team__id__exact": scope.team, "employee__tier__id__exact": scope.tier}
    return _list("budgets_budget", {"use": "over", **months, **of})


def _gaps_in_the_admin(refused: Refused, scope: Scope) -> str:
    """The gaps one by one; they know no channel."""
    if scope.channel:
        return ""
    by = {"rule": refused.series} if refused.series else {"bound": refused.bound or "words"}
    narrowed = {
        f"{name}__id__exact": getattr(scope, name)
        for name in ("team", "tier", "remedy", "reason_code")
    }
    return _list("resolutions_authoritygap", {**_days(scope), **by, **narrowed})


def _days(scope: Scope) -> Mapping[str, Any]:
    return {"days_from": scope.first, "days_to": scope.last}


def _list(model: str, asked: Mapping[str, Any]) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{_query(asked)}"


def _query(asked: Mapping[str, Any]) -> str:
    return urlencode({name: value for name, value in asked.items() if value})


class _Exports:
    """The exports of a division, narrowed by names and codes: programs ask for no numbers."""

    def __init__(self, scope: Scope) -> None:
        named = {"team": (Team, "name"), "tier": (AuthorityTier, "name")}
        coded = {"remedy": (Remedy, "code"), "reason_code": (ReasonCode, "code")}
        self.called = {
            name: dict(
                model._default_manager.filter(division=scope.division).values_list("pk", field)
            )
            for name, (model, field) in {**named, **coded}.items()
        }

    def where(self, what: str, scope: Scope) -> str:
        """Cost leads to the ledger, budgets to budgets, and all else to cases."""
        if what == "over-budget":
            return self._export("budgets", scope, _months(scope), but_not=("remedy", "reason_code"))
        if what == "cost":
            return self._export("ledger", scope, _moments(scope, "at"))
        return self._export("cases", scope, _moments(scope, "ended", whole_months=False))

    def gaps(self, refused: Refused, scope: Scope) -> str:
        """All gaps: what refused them stands in a column."""
        return self._export("gaps", scope, _moments(scope, "at"))

    def _export(
        self, name: str, scope: Scope, when: Mapping[str, Any], but_not: tuple[str, ...] = ()
    ) -> str:
        narrowed = {
            by: self.called[by].get(getattr(scope, by)) for by in self.called if by not in but_not
        }
        channel = {} if but_not else {"channel": scope.channel}
        asked = {"division": scope.division.code, **when, **narrowed, **channel, "format": "csv"}
        return f"{reverse('pull-export', args=[name])}?{_query(asked)}"


def _months(scope: Scope) -> Mapping[str, Any]:
    return {"month_from": f"{scope.first:%Y-%m}", "month_to": f"{scope.last:%Y-%m}"}


def _moments(scope: Scope, name: str, *, whole_months: bool = True) -> Mapping[str, Any]:
    """From midnight to midnight in the division's zone; whole months where each team works."""
    if whole_months and Period(scope.first, scope.last).whole_months:
        return _months(scope)
    zone = ZoneInfo(scope.division.time_zone)
    return {
        f"{name}_from": begin_of(scope.first, zone).isoformat(),
        f"{name}_to": begin_of(scope.last + timedelta(days=1), zone).isoformat(),
    }
