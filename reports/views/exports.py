"""Exports by hand: what to pull, and what was pulled lately."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from employees.counts import counted
from employees.doors import page_for
from employees.models import Division, Role
from reports.api.asked import wanted
from reports.api.exports import file_answer
from reports.api.negotiation import format_of
from reports.errors import ReportsError, TooManyExports
from reports.exports.pull import pull
from reports.exports.tables import TABLES
from reports.forms import PullForm
from reports.models import ExportFormat, ExportRun, Outcome
from reports.reader import reader_of_employee
from reports.views.asked_words import in_words

if TYPE_CHECKING:
    from employees.doors import EmployeeRequest

A_PAGE = 15


@page_for(Role.FINANCE)
def exports(request: "EmployeeRequest") -> HttpResponse:
    """The form, and the log. Filled in, it leads to the file, and this page stays where it is."""
    divisions = list(Division.objects.visible_to(request.user))
    asked = request.GET if "export" in request.GET else None
    form = PullForm(asked, divisions=divisions, today=timezone.localdate())
    if form.is_valid():
        where = reverse("pull-export", args=[form.cleaned_data["export"]])
        return redirect(f"{where}?{form.query}")
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return _page(request, form, divisions, status=status)


def _page(
    request: "EmployeeRequest",
    form: PullForm,
    divisions: list[Division],
    *,
    status: HTTPStatus,
    refused: str = "",
) -> HttpResponse:
    runs = ExportRun.objects.visible_to(request.user).select_related("employee", "token")
    page = Paginator(runs, A_PAGE).get_page(request.GET.get("page"))
    names = {division.code: division.name for division in divisions}
    context = {
        "form": form,
        "refused": refused,
        "page": page,
        "runs": [(run, _told(run, names)) for run in page],
    }
    return render(request, "reports/exports.html", context, status=status)


@page_for(Role.FINANCE)
def pull_export(request: "EmployeeRequest", export: str) -> HttpResponseBase:
    """The file itself, or the page with what is not right. Raises Http404."""
    if export not in TABLES:
        raise Http404
    told = request.GET.copy()
    try:
        file_format = format_of(told)
        reader = reader_of_employee(request.user)
        asked_for = wanted(told, table=TABLES[export], reader=reader, file_format=file_format)
        if request.method == "HEAD":
            return file_answer((), asked_for)
        pulled = pull(asked_for, reader=reader, at=timezone.now())
        return file_answer(pulled.stream, asked_for)
    except ValidationError as error:
        return _refuse(request, export, _in_a_line(error), HTTPStatus.BAD_REQUEST)
    except TooManyExports as refusal:
        page = _refuse(request, export, str(refusal), HTTPStatus.TOO_MANY_REQUESTS)
        page.headers["Retry-After"] = str(refusal.seconds)
        return page
    except ReportsError as refusal:
        return _refuse(request, export, str(refusal), HTTPStatus.BAD_REQUEST)


def _refuse(request: "EmployeeRequest", export: str, why: str, status: HTTPStatus) -> HttpResponse:
    """The page, with what is not right above the form, which keeps what was asked."""
    divisions = list(Division.objects.visible_to(request.user))
    form = PullForm(None, divisions=divisions, today=timezone.localdate())
    told = {name: request.GET.get(name, "") for name in ("month_from", "month_to", "division")}
    file_format = request.GET.get("format", ExportFormat.CSV)
    form.initial.update({"export": export, "format": file_format, **told})
    return _page(request, form, divisions, status=status, refused=why)


def _in_a_line(error: ValidationError) -> str:
    """What is wrong with the filters that came with the address, each by its name."""
    details: Any = error.detail
    return " ".join(f"{name}: {' '.join(map(str, why))}" for name, why in details.items())


def _told(run: ExportRun, divisions: Mapping[str, str]) -> dict[str, str]:
    """Who pulled it, with which filter, and how it went, as people say it."""
    who = run.token.name if run.token else run.employee.called if run.employee else ""
    rows = counted(run.rows, "row")
    went = {
        Outcome.RUNNING: "Under way, or cut off",
        Outcome.WHOLE: rows,
        Outcome.BROKEN_OFF: f"Broken off after {rows}",
    }
    return {"who": who, "asked": in_words(run.asked, divisions), "went": went[Outcome(run.outcome)]}
