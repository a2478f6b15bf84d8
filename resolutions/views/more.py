"""Giving something more in a case that is there already, and saying what could not be done."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from employees.doors import EmployeeRequest, agents_page
from resolutions.ask import Answered, rulebook_for, what_more_can_be_given
from resolutions.errors import InvalidCase, RequestConflict, ResolutionsError
from resolutions.forms.gives import NOTHING_CHOSEN
from resolutions.forms.more import MoreForm
from resolutions.forms.outcomes import CouldNotForm
from resolutions.gaps import say_what_could_not_be_done
from resolutions.models import Case
from resolutions.problem import Give
from resolutions.resolve import give_more
from resolutions.views.acting import acting
from resolutions.views.form_page import form_page
from resolutions.views.lines import title_of
from resolutions.views.placing import board_of
from resolutions.views.refusals import sent_already, take_refusal
from resolutions.views.stops import Stop


@agents_page
def more(request: EmployeeRequest, pk: int) -> HttpResponse:
    """What more can be given; sent, it is given."""
    case = _case(request, pk)
    form = _form(request, case)
    if request.method != "POST":
        return _more_page(request, case, form)
    try:
        later, gives = form.read()
        if not gives:
            raise InvalidCase(NOTHING_CHOSEN)
        give_more(case, gives=gives, later=later, **acting(request, form))
    except RequestConflict:
        return sent_already(request, form.request_uuid)
    except ResolutionsError as refusal:
        status, stops = take_refusal(form, refusal, request.user)
        return _more_page(request, case, form, stops, status=status)
    return redirect("case", pk=pk)


@agents_page
@require_POST
def more_options(request: EmployeeRequest, pk: int) -> HttpResponse:
    """What more can be given next to what is ticked."""
    case = _case(request, pk)
    return _more_page(request, case, _form(request, case))


@agents_page
def could_not(request: EmployeeRequest, pk: int | None = None) -> HttpResponse:
    """Say in words what could not be done for a customer, in a case or without one."""
    case = _case(request, pk) if pk is not None else None
    form = CouldNotForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            say_what_could_not_be_done(words, case=case, **acting(request, form))
        except RequestConflict:
            return sent_already(request, form.request_uuid)
        except ResolutionsError as refusal:
            take_refusal(form, refusal, request.user)
            return _could_not_page(request, form, case)
        return redirect("case", pk=pk) if pk is not None else redirect("said")
    return _could_not_page(request, form, case)


@agents_page
def said(request: EmployeeRequest) -> HttpResponse:
    """Thanks for saying what could not be done."""
    return render(request, "resolutions/said.html")


def _could_not_page(
    request: EmployeeRequest, form: CouldNotForm, case: Case | None
) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    context = {"form": form, "case": case}
    return render(request, "resolutions/could_not.html", context, status=status)


def _case(request: EmployeeRequest, pk: int) -> Case:
    seen = Case.objects.visible_to(request.user).with_given()
    return get_object_or_404(seen.select_related("customer", "reason_code"), pk=pk)


def _form(request: EmployeeRequest, case: Case) -> MoreForm:
    typed = request.POST if request.method == "POST" else None
    return MoreForm(typed, rulebook=rulebook_for(request.user), case=case)


def _more_page(
    request: EmployeeRequest,
    case: Case,
    form: MoreForm,
    stops: Sequence[Stop] = (),
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    def ask(leaving_out: Collection[str], gives: Sequence[Give]) -> Answered:
        later = form.details(leaving_out, briefly=True)
        return what_more_can_be_given(case, acting_employee=request.user, later=later, chosen=gives)

    given = sum((r.against_limit for r in case.resolutions.all()), start=Decimal(0))
    board = board_of(form, ask, employee=request.user, given=given)
    return form_page(
        request,
        form,
        "more",
        board=board,
        customer=board.customer if board else case.customer,
        case=case,
        refused=stops,
        status=status,
        title=title_of(case, form.rulebook),
    )
