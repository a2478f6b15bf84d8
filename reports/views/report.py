"""What it cost and what it brought: a division's figures, and a line for each of several."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from employees.doors import EmployeeRequest, page_for
from employees.models import Division, Role
from reports.charts.svg import drawn
from reports.exports.snapshot import in_one_moment
from reports.figures import By, Key
from reports.measured.behind import IN_WORDS
from reports.measured.breakdown import BREAKDOWNS, Way, key_of
from reports.measured.division import Measured, Ways, measured
from reports.measured.divisions import lines_of
from reports.measured.names import Refused
from reports.models import RollupState
from reports.report_form import QUICK, ReportForm
from reports.views.asked_report import (
    AskedReport,
    address,
    asked_report,
    chosen,
    report_of,
    today_in,
)
from reports.views.table_file import file_of

USUAL = By.TEAM
ANSWERING = "admin:resolutions_authoritygap_groups"


@page_for(Role.MANAGER, Role.FINANCE)
@require_safe
def report(request: EmployeeRequest) -> HttpResponse:
    """A division's report; for who sees several and has chosen none, a line for each."""
    divisions = list(Division.objects.visible_to(request.user))
    code = request.GET.get("division", "")
    division = chosen(divisions, code)
    context = {
        "divisions": divisions if len(divisions) > 1 else (),
        "unknown": bool(code) and division is None,
        "division": division,
        "state": RollupState.objects.first(),
    }
    if division is None:
        return _divisions_page(request, divisions, context)
    return _division_page(request, report_of(division, request.GET), context)


@page_for(Role.MANAGER, Role.FINANCE)
@require_safe
def report_table(request: EmployeeRequest, table: str) -> HttpResponse:
    """One of the report's tables as a file. Raises Http404: its address is written by the page."""
    asked = asked_report(request)
    if asked is None or not asked.form.is_valid():
        raise Http404
    by = next((by for by in BREAKDOWNS if key_of(by) == table), USUAL)
    for each in _measure(request, asked, by).every_table:
        if each.key == table:
            return file_of(each, asked.form.scope(asked.division))
    raise Http404


def _division_page(
    request: EmployeeRequest, asked: AskedReport, context: dict[str, Any]
) -> HttpResponse:
    form = asked.form
    context |= {"form": form, "quick": _quick(request.GET, form)}
    if not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
        return render(request, "reports/report.html", context, status=status)
    by = _by(request.GET)
    told = _measure(request, asked, by)
    context |= {
        "period": form.asked,
        "figures": told.headline.figures,
        "charts": [(each, "" if each.is_empty else drawn(each)) for each in told.charts],
        "answering": reverse(ANSWERING) if request.user.role == Role.MANAGER else "",
        "table": told.table,
        "by": by,
        "breakdowns": [
            (address(request.GET, by=each), label, each == by) for each, label in BREAKDOWNS.items()
        ],
        "query": address(request.GET),
        "whole": address(request.GET, **dict.fromkeys((by.value for by in form.names), "")),
    }
    return render(request, "reports/report.html", context)


def _divisions_page(
    request: EmployeeRequest, divisions: list[Division], context: dict[str, Any]
) -> HttpResponse:
    todays = [today_in(division) for division in divisions]
    latest = max(todays, default=timezone.localdate())
    form = ReportForm(request.GET.dict(), today=latest)
    context |= {"form": form, "quick": _quick(request.GET, form)}
    if context["unknown"] or not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
        return render(request, "reports/divisions.html", context, status=status)
    days = zip(divisions, todays, strict=True)
    with in_one_moment():
        lines = lines_of([form.scope(each, today=today) for each, today in days], todays=todays)
    context |= {
        "period": form.asked,
        "lines": [(each, address(request.GET, division=each.division.code)) for each in lines],
    }
    return render(request, "reports/divisions.html", context)


def _measure(request: EmployeeRequest, asked: AskedReport, by: By) -> Measured:
    scope = asked.form.scope(asked.division)
    ways = Ways(_way_behind_rows(request.GET, by), _way_behind_refusals(request.GET))
    with in_one_moment():
        return measured(scope, by, asked.form.names, ways, today=asked.form.today)


def _by(told: QueryDict) -> By:
    """By what the figures are told; what is none of these asks for the first."""
    return next((by for by in BREAKDOWNS if by == told.get("by")), USUAL)


def _way_behind_rows(told: QueryDict, by: By) -> Way:
    """To what a figure of a row counts; of what has no team, tier and so on there is no list."""

    def way(what: str, key: Key) -> str:
        narrower = {"by": "", by.value: str(key)}
        return "" if key is None else f"behind/{what}/?{address(told, **narrower)}"

    return way


def _way_behind_refusals(told: QueryDict) -> Callable[[Refused], str]:
    """To the gaps themselves."""

    def way(each: Refused) -> str:
        which = {"rule": str(each.series)} if each.series else {"bound": each.bound or IN_WORDS}
        return f"behind/gaps/?{address(told, by='', **which)}"

    return way


def _quick(told: QueryDict, form: ReportForm) -> list[tuple[str, str, bool]]:
    """The usual periods: where each is, narrowed as now, and whether it is the one shown."""
    days = {"day_from": "", "day_to": ""}
    return [
        (address(told, period=key, **days), label, form.data["period"] == key)
        for key, label in QUICK.items()
    ]
