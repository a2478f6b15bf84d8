"""Exports by hand: what to pull, and what was pulled lately."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from employees.models import Division, Role
from reports.doors import page_for
from reports.forms import PullForm
from reports.models import ExportName, ExportRun, Outcome
from reports.views.asked_words import in_words

if TYPE_CHECKING:
    from employees.doors import EmployeeRequest

A_PAGE = 25


@page_for(Role.FINANCE)
def exports(request: "EmployeeRequest") -> HttpResponse:
    """The form, and the log. Filled in, it leads to the file, and this page stays where it is."""
    divisions = list(Division.objects.visible_to(request.user))
    asked = request.GET if "export" in request.GET else None
    form = PullForm(asked, divisions=divisions, today=timezone.localdate())
    if form.is_valid():
        where = reverse("pull-export", args=[form.cleaned_data["export"]])
        return redirect(f"{where}?{form.query}")
    runs = ExportRun.objects.visible_to(request.user).select_related("employee", "token")
    page = Paginator(runs, A_PAGE).get_page(request.GET.get("page"))
    names = {division.code: division.name for division in divisions}
    context = {"form": form, "page": page, "runs": [(run, _told(run, names)) for run in page]}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "reports/exports.html", context, status=status)


@page_for(Role.FINANCE)
def pull_export(request: "EmployeeRequest", export: str) -> HttpResponse:
    """The file itself: not there yet. Raises Http404 for an export that there is not."""
    if export not in ExportName.values:
        raise Http404
    return HttpResponse("Not there yet.", status=HTTPStatus.NOT_IMPLEMENTED)


def _told(run: ExportRun, divisions: Mapping[str, str]) -> dict[str, str]:
    """Who pulled it, with which filter, and how it went, as people say it."""
    who = run.token.name if run.token else run.employee.called if run.employee else ""
    rows = "1 row" if run.rows == 1 else f"{run.rows:,} rows"
    went = {
        Outcome.RUNNING: "Under way, or cut off",
        Outcome.WHOLE: rows,
        Outcome.BROKEN_OFF: f"Broken off after {rows}",
    }
    return {"who": who, "asked": in_words(run.asked, divisions), "went": went[Outcome(run.outcome)]}
