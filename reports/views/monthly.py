"""The monthly reports as pages to read and to print, and who wants them by mail.

What must stay true: a page says what its mail said, from what was kept; a link in a mail says for
one person whether they want it, tells nothing else, and following it changes nothing.
"""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from budgets.days import read_month
from employees.doors import EmployeeRequest, page_for
from employees.models import Division, Employee
from reports.charts import svg
from reports.models import MonthlyReport
from reports.monthly.charts import charts_of
from reports.monthly.mail import page_of_the_month
from reports.monthly.recipients import why_not, with_wishes
from reports.monthly.send import owe_again
from reports.monthly.told import Told
from reports.monthly.wishes import employee_of, wants_it, wish
from reports.querysets import READERS

SHOWN = 13  # months of each division: a year, and the same month a year ago
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@page_for(*READERS)
@require_safe
def monthly_reports(request: EmployeeRequest) -> HttpResponse:
    """The newest reports of each division that one sees; all of one that is asked for."""
    reports: dict[int, list[MonthlyReport]] = {}
    for report in MonthlyReport.objects.visible_to(request.user).defer("told").order_by("-month"):
        reports.setdefault(report.division_id, []).append(report)
    divisions = list(Division.objects.visible_to(request.user))
    asked = [division for division in divisions if division.code == request.GET.get("division")]
    newest = None if asked else SHOWN
    parts = [(division, reports.get(division.pk, [])) for division in asked or divisions]
    context = {
        "parts": [(division, told[:newest], len(told)) for division, told in parts],
        "not_all": bool(asked) and len(divisions) > 1,
        "by_mail": wants_it(request.user),
    }
    return render(request, "reports/monthly/reports.html", context)


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def monthly_report(request: EmployeeRequest, division: str, month: str) -> HttpResponse:
    """A report as it was told, to read, to print, and to be sent once more. Raises Http404."""
    seen = MonthlyReport.objects.visible_to(request.user).select_related("division")
    report = get_object_or_404(seen, division__code=division, month=_month(month))
    reader = with_wishes(Employee.objects.filter(pk=request.user.pk)).get()
    not_mailed = why_not(reader, report.division)
    if request.method == "POST":
        if not_mailed is None:
            owe_again(report, reader, at=timezone.now())
            messages.success(request, f"It is on its way to {reader.email}.")
        return redirect(request.path)
    told = Told.of_json(report.told)
    charts = [(chart, svg.drawn(chart)) for chart in charts_of(told)]
    now = page_of_the_month(report)
    context = {"report": report, "told": told, "charts": charts, "now": now}
    context |= {"reader": reader, "not_mailed": not_mailed}
    return render(request, "reports/monthly/report.html", context)


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def report_wishes(request: EmployeeRequest) -> HttpResponse:
    """Whether one gets the report by mail, and changing it."""
    if request.method == "POST":
        wish(request.user, by_mail=request.POST.get("by_mail") == "yes", at=timezone.now())
        return redirect("report-wishes")
    return render(request, "reports/monthly/wishes.html", {"by_mail": wants_it(request.user)})


@csrf_exempt  # the signed link is the key: who has none can't post
@require_http_methods(["GET", "HEAD", "POST"])
def report_wishes_from_mail(request: HttpRequest, link: str) -> HttpResponse:
    """The same for whoever comes from a mail, without signing in; a mail program's button posts."""
    employee = employee_of(link)
    if employee is None:
        raise Http404
    if request.method == "POST":
        wish(employee, by_mail=request.POST.get("by_mail") == "yes", at=timezone.now())
    context = {"by_mail": wants_it(employee), "from_mail": True}
    response = render(request, "reports/monthly/wishes_from_mail.html", context)
    for name, value in _PRIVATE.items():
        response[name] = value
    return response


def _month(text: str) -> date:
    """Read a month of an address. Raises Http404: we write them ourselves."""
    try:
        return read_month(text)
    except ValueError:
        raise Http404 from None
