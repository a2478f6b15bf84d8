"""On the desk: how an agent's own cases of this month went; for their eyes, beside nobody's."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from employees.models import Employee
from reports import measures
from reports.own_month import month_so_far


def how_it_went(employee: Employee, at: datetime) -> SafeString:
    """What customers said, and how many had to come again; nothing before the first case."""
    cases = month_so_far(employee, at=at)
    if not cases.cases:
        return SafeString()
    context = {
        "cases": cases,
        "answers": measures.answers(cases),
        "satisfaction": measures.satisfaction(cases),
        "score_shown": measures.shown_of_a_person(measures.answers(cases)),
        "solved_at_first": cases.watched - cases.came_again,
        "watched_shown": measures.shown_of_a_person(cases.watched),
        "smallest": measures.SMALLEST_SHOWN,
        "window": measures.FIRST_CONTACT_WINDOW.days,
    }
    return render_to_string("reports/_own_month.html", context)
