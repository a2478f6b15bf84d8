"""The desk: what is left this month, what was done lately and answered, and a new case."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from budgets import months
from budgets.days import begin_of, first_of_next
from budgets.models import Budget
from employees.doors import EmployeeRequest, agents_page
from employees.models import Employee
from policies.acknowledge import to_read
from policies.handbook import rules_to_come
from resolutions.ask import rulebook_for
from resolutions.incidents import running_for
from resolutions.models import Case, Resolution
from resolutions.views.board import until
from resolutions.views.lines import case_lines
from resolutions.views.my_gaps import answers_for
from resolutions.views.said import said_lately_of

LATELY = 10
A_PAGE = 25

# What apps above this one put beside the month: given who is signed in and the moment, as HTML.
panels: list[Callable[[Employee, datetime], SafeString]] = []


@agents_page
def desk(request: EmployeeRequest) -> HttpResponse:
    """The agent's front page."""
    employee, now = request.user, timezone.now()
    rulebook = rulebook_for(employee)
    budget = months.month_as_it_stands(employee, at=now)
    begin = begin_of(months.month_of(employee, now), employee.zone)
    mine = Case.objects.touched_by(employee).with_given().order_by("-opened_at", "-pk")
    context = {
        **month_card(budget),
        "put_right": Resolution.objects.cases_put_right_by(employee, since=begin),
        "lately": case_lines(mine[:LATELY], rulebook),
        "to_read": to_read(employee, rulebook, at=now),
        "soon": rules_to_come(rulebook, employee, at=now),
        "incidents": running_for(employee, at=now),
        "answered": answers_for(employee, at=now),
        "backed": said_lately_of(employee),
        "panels": [panel(employee, now) for panel in panels],
    }
    return render(request, "resolutions/desk.html", context)


def month_card(budget: Budget) -> dict[str, Any]:
    """What the card of the month shows: what is left, until when, and how much is used."""
    used = budget.spent * 100 / budget.allotted if budget.allotted else 100
    return {
        "budget": budget,
        "currency": budget.division.currency,
        "until": until(budget),
        "full_again": budget.month and first_of_next(budget.month),
        "over": max(-budget.left, Decimal(0)),
        "used_percent": min(round(used), 100),
    }


@agents_page
def my_cases(request: EmployeeRequest) -> HttpResponse:
    """All of one's cases, the latest first."""
    rulebook = rulebook_for(request.user)
    mine = Case.objects.touched_by(request.user).with_given().order_by("-opened_at", "-pk")
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": case_lines(page.object_list, rulebook),
        "currency": rulebook.currency,
    }
    return render(request, "resolutions/my_cases.html", context)
