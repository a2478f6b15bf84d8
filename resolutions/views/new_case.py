"""The case form: tell the problem, see what can be given, give it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from employees.doors import EmployeeRequest, agents_page
from resolutions.ask import rulebook_for
from resolutions.errors import InvalidCase, RequestConflict, ResolutionsError
from resolutions.explain import explain
from resolutions.forms.gives import NOTHING_CHOSEN
from resolutions.forms.problem import CaseForm
from resolutions.models import Case
from resolutions.resolve import resolve_case
from resolutions.views.acting import acting
from resolutions.views.form_page import case_form_page
from resolutions.views.refusals import sent_already, take_refusal


@agents_page
def new_case(request: EmployeeRequest) -> HttpResponse:
    """An empty form; sent, it opens a case and puts it right."""
    rulebook = rulebook_for(request.user)
    if request.method != "POST":
        channel = Case.objects.usual_channel(request.user)
        return case_form_page(request, CaseForm(rulebook=rulebook, channel=channel))
    form = CaseForm(request.POST, rulebook=rulebook)
    return _send(request, form)


@agents_page
@require_POST
def see_options(request: EmployeeRequest) -> HttpResponse:
    """What can be given now: a part of the form for HTMX, or the whole page without it."""
    return case_form_page(request, CaseForm(request.POST, rulebook=rulebook_for(request.user)))


def _send(request: EmployeeRequest, form: CaseForm) -> HttpResponse:
    """Carry it out, and show the case; or show the form again with what is in the way."""
    try:
        return redirect("case", pk=_act(request, form)["id"])
    except RequestConflict:
        return sent_already(request, form.request_uuid)
    except ResolutionsError as refusal:
        status, stops = take_refusal(form, refusal, request.user)
        return case_form_page(request, form, refused=stops, status=status)


def _act(request: EmployeeRequest, form: CaseForm) -> dict[str, Any]:
    """What the button that was pressed says: give, open the case, or close it with words."""
    details, gives = form.read()
    problem = form.problem(details)
    who = acting(request, form)
    match request.POST.get("act"):
        case "open":
            return resolve_case(problem, gives=(), **who)
        case "explained":
            return explain(problem, said=form.typed("said"), **who)
    if not gives:
        raise InvalidCase(NOTHING_CHOSEN)
    return resolve_case(problem, gives=gives, **who)
