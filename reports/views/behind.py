"""The page of what a figure counts: the cases, entries of the ledger, months or gaps behind it.

The report's own links are short and say only which figure it is: a report has hundreds of them.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from employees.doors import EmployeeRequest, page_for
from employees.models import Role
from employees.row_numbers import is_row_number
from reports.measured.behind import Row
from reports.measured.behind import behind as what_is_behind
from reports.views.asked_report import address, asked_report

A_PAGE = 50
_LAST_PAGE = 10_000


@page_for(Role.MANAGER, Role.FINANCE)
@require_safe
def behind(request: EmployeeRequest, what: str) -> HttpResponse:
    """What a figure counts. Raises Http404: its address is written by the report."""
    asked = asked_report(request)
    if asked is None or not asked.form.is_valid():
        raise Http404
    form, told = asked.form, request.GET
    scope = form.scope(asked.division)
    found = what_is_behind(what, scope, form.names, today=form.today, told=told.dict())
    if found is None:
        raise Http404
    page = _page(told.get("page", ""))
    begin = (page - 1) * A_PAGE
    rows = found.rows(begin, begin + A_PAGE + 1)  # one more tells whether there is another page
    context = {
        "division": asked.division,
        "form": form,
        "what": what,
        "found": found,
        "rows": [(row, _in_the_admin(request, row)) for row in rows[:A_PAGE]],
        "query": address(told, page="", rule="", bound=""),
        "newer": address(told, page=str(page - 1)) if page > 1 else "",
        "older": address(told, page=str(page + 1)) if len(rows) > A_PAGE else "",
    }
    return render(request, "reports/behind.html", context)


def _page(text: str) -> int:
    """Which page; what is none asks for the first. It isn't known how many there are."""
    return min(max(int(text), 1), _LAST_PAGE) if is_row_number(text) else 1


def _in_the_admin(request: EmployeeRequest, row: Row) -> str:
    """Where a manager reads all of it; the admin is not for finance."""
    if request.user.role != Role.MANAGER:
        return ""
    return reverse(f"admin:{row.kind}_change", args=[row.pk])
