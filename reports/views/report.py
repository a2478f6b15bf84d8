"""What it cost and what it brought: a division's figures, and a line for each of several."""

from datetime import date
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from employees.doors import EmployeeRequest, page_for
from employees.models import Division, Role
from reports.charts.svg import drawn
from reports.measured.division import Measured, measured
from reports.measured.divisions import lines_of
from reports.measured.names import names_of
from reports.models import RollupState
from reports.report_form import QUICK, ReportForm
from reports.views.table_file import file_of
from reports.views.ways import Where, ways_for


@page_for(Role.MANAGER, Role.FINANCE)
@require_safe
def report(request: EmployeeRequest) -> HttpResponse:
    """A division's report; for who sees several and has chosen none, a line for each."""
    divisions = list(Division.objects.visible_to(request.user))
    code = request.GET.get("division", "")
    division = _chosen(divisions, code)
    context = {
        "divisions": divisions if len(divisions) > 1 else (),
        "unknown": bool(code) and division is None,
        "division": division,
        "state": RollupState.objects.first(),
    }
    if division is None:
        return _divisions_page(request, divisions, context)
    return _division_page(request, division, context)


@page_for(Role.MANAGER, Role.FINANCE)
@require_safe
def report_table(request: EmployeeRequest, table: str) -> HttpResponse:
    """One of the report's tables as a file. Raises Http404: its address is written by the page."""
    divisions = list(Division.objects.visible_to(request.user))
    division = _chosen(divisions, request.GET.get("division", ""))
    if division is None:
        raise Http404
    form = _form(request, division)
    if not form.is_valid():
        raise Http404
    told, _ = _measure(request, form, division)
    for each in told.every_table:
        if each.key == table:
            return file_of(each, form.scope(division))
    raise Http404


def _division_page(
    request: EmployeeRequest, division: Division, context: dict[str, Any]
) -> HttpResponse:
    form = _form(request, division)
    context |= {"form": form, "quick": _quick(request.GET, form)}
    if not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
        return render(request, "reports/report.html", context, status=status)
    told, where = _measure(request, form, division)
    scope = form.scope(division)
    context |= {
        "period": form.asked,
        "figures": [
            (each, where(each.key, scope) if each.is_known else "")
            for each in told.headline.figures
        ],
        "charts": [(each, "" if each.is_empty else drawn(each)) for each in told.charts],
        "tables": told.tables,
        "query": request.GET.urlencode(),
        "whole": _query(request.GET, **dict.fromkeys((by.value for by in form.names), "")),
    }
    return render(request, "reports/report.html", context)


def _divisions_page(
    request: EmployeeRequest, divisions: list[Division], context: dict[str, Any]
) -> HttpResponse:
    form = ReportForm(request.GET.dict(), today=timezone.localdate())
    context |= {"form": form, "quick": _quick(request.GET, form)}
    if context["unknown"] or not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
        return render(request, "reports/divisions.html", context, status=status)
    scopes = [form.scope(division) for division in divisions]
    lines = lines_of(scopes, today=form.today)
    context |= {
        "period": form.asked,
        "lines": [(each, _query(request.GET, division=each.division.code)) for each in lines],
    }
    return render(request, "reports/divisions.html", context)


def _chosen(divisions: list[Division], code: str) -> Division | None:
    """The one that is asked for; with one alone there is no choice."""
    if len(divisions) == 1 and not code:
        return divisions[0]
    return next((division for division in divisions if division.code == code), None)


def _form(request: EmployeeRequest, division: Division) -> ReportForm:
    return ReportForm(request.GET.dict(), today=_today(division), names=names_of(division))


def _measure(
    request: EmployeeRequest, form: ReportForm, division: Division
) -> tuple[Measured, Where]:
    scope = form.scope(division)
    where, ways = ways_for(request.user, scope)
    return measured(scope, form.names, ways, today=form.today), where


def _today(division: Division) -> date:
    """The day it is where the division's reports are read."""
    return timezone.localdate(timezone=ZoneInfo(division.time_zone))


def _quick(asked: QueryDict, form: ReportForm) -> list[tuple[str, str, bool]]:
    """The usual periods: where each is, narrowed as now, and whether it is the one shown."""
    days = {"day_from": "", "day_to": ""}
    return [
        (_query(asked, period=key, **days), label, form.data["period"] == key)
        for key, label in QUICK.items()
    ]


def _query(asked: QueryDict, **changed: str) -> str:
    """The address of the page as it was asked, with something changed; "" takes it out."""
    told: dict[str, Any] = {**asked.dict(), **changed}
    return urlencode({name: value for name, value in told.items() if value})
