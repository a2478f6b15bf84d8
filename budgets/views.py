"""My month: every movement of one's own budget."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from budgets import months
from budgets.days import first_of_next
from budgets.models import LedgerEntry
from employees.doors import EmployeeRequest, agents_page

A_PAGE = 100


@agents_page
def my_month(request: EmployeeRequest) -> HttpResponse:
    """This month's entries with the balance after each, the latest first."""
    budget = months.month_as_it_stands(request.user, at=timezone.now())
    entries = LedgerEntry.objects.visible_to(request.user).filter(budget=budget.pk)
    page = Paginator(entries.order_by("-id"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "budget": budget,
        "currency": budget.division.currency,
        "page": page,
        "full_again": first_of_next(budget.month) if budget.month else None,
    }
    return render(request, "budgets/my_month.html", context)
