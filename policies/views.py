"""The handbook page."""

from typing import TYPE_CHECKING, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from employees.doors import EmployeeRequest, agents_page
from policies.handbook import chapters_for, remedies_for
from policies.rulebook import rulebook_of

if TYPE_CHECKING:
    from employees.models import Division


@agents_page
def handbook(request: EmployeeRequest) -> HttpResponse:
    """The rules for whoever reads it, and what they may give; searched by `?q=`."""
    employee, words = request.user, request.GET.get("q", "").replace("\x00", "")[:200]
    rulebook = rulebook_of(cast("Division", employee.division))  # the door has seen to it
    context = {
        "words": words,
        "chapters": chapters_for(employee, rulebook, at=timezone.now(), words=words),
        "remedies": remedies_for(employee, words=words),
        "tier": employee.tier,
        "limit": employee.limit_per_case,
        "month": employee.monthly_budget,
        "over": employee.over_budget,
        "currency": rulebook.currency,
    }
    return render(request, "policies/handbook.html", context)
