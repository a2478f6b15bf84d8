"""The sidelines: a team's day as it happens, for its lead to watch."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from employees.doors import EmployeeRequest, page_for
from employees.models import Role
from policies.rulebook import rulebook_of
from reports import measures
from reports.sidelines import today_of
from resolutions.models import Case
from resolutions.views.desk import month_card
from resolutions.views.lines import CaseLine, case_lines


@page_for(Role.TEAM_LEAD)
def sidelines(request: EmployeeRequest) -> HttpResponse:
    """The page; asked for by itself again and again, only the part that changes."""
    lead, now = request.user, timezone.now()
    if lead.team is None or lead.division is None:
        return render(request, "reports/no_sidelines.html")
    today, rulebook = today_of(lead, at=now), rulebook_of(lead.division)

    def told(cases: Sequence[Case]) -> list[tuple[Case, CaseLine]]:
        return list(zip(cases, case_lines(cases, rulebook), strict=True))

    context = {
        "today": today,
        "months": [month_card(budget) for budget in today.months],
        "cost": measures.cost(today.costs),
        "being_solved": told(today.being_solved),
        "ended": told(today.ended),
        "currency": lead.division.currency,
        "now": now,
        "still": "still" in request.GET,
    }
    part = "reports/_sidelines.html" if request.htmx else "reports/sidelines.html"
    return render(request, part, context)
