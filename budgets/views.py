"""My month: the statement of one's own budget, this month's and earlier ones."""

import sys
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from budgets.days import first_of_next
from budgets.statement import statement_of
from employees.doors import EmployeeRequest, agents_page

A_PAGE = 100


@agents_page
def my_month(request: EmployeeRequest, month: date | None = None) -> HttpResponse:
    """What is left, what moved, and each entry with the balance after it, the latest first.

    A page has a hundred entries, unless all are asked for, to print. Raises Http404.
    """
    now = timezone.now()
    statement = statement_of(request.user, month, at=now)
    if statement is None:
        raise Http404
    everything = "all" in request.GET
    paginator = Paginator(statement.entries(), sys.maxsize if everything else A_PAGE)
    paginator.count = statement.count  # known: no query for it
    page = paginator.get_page(request.GET.get("page"))
    statement.tell(list(page))
    context = {
        "statement": statement,
        "page": page,
        "everything": everything,
        "full_again": first_of_next(statement.month),
        "now": now,
    }
    return render(request, "budgets/my_month.html", context)
