"""The case page: what happened, what to say, and what can be done now."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from budgets import months
from budgets.errors import GivenBackAlready
from employees.doors import EmployeeRequest, agents_page
from resolutions.ask import rulebook_for
from resolutions.conclude import close_without_remedy, hand_over, take_up_again
from resolutions.errors import NotTheirsToGiveBack, RequestConflict, ResolutionsError
from resolutions.forms.outcomes import (
    ClosingForm,
    GivingBackForm,
    HandingOverForm,
    TakingUpForm,
)
from resolutions.forms.problem import CaseForm
from resolutions.forms.request import RequestForm
from resolutions.give_back import give_back
from resolutions.models import Case, CaseState
from resolutions.views.acting import acting
from resolutions.views.form_page import case_form_page
from resolutions.views.given_back import Sent
from resolutions.views.lines import title_of
from resolutions.views.refusals import sent_already, take_refusal
from resolutions.views.said import mark_as_seen
from resolutions.views.story import story_of
from resolutions.views.told import done_words, told_in_words, took_words, words_of


@agents_page
def case_page(request: EmployeeRequest, pk: int) -> HttpResponse:
    """A case that one may see; for others it is not there."""
    return _show(request, pk)


@agents_page
@require_POST
def close(request: EmployeeRequest, pk: int) -> HttpResponse:
    """An explanation or an apology was enough."""
    form = ClosingForm(request.POST)

    def act(case: Case, **who: Any) -> None:
        close_without_remedy(case, said=form.typed("said"), **who)

    return _conclude(request, pk, "closing", form, act)


@agents_page
@require_POST
def hand_on(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Someone else takes the customer over after all."""
    form = HandingOverForm(request.POST)

    def act(case: Case, **who: Any) -> None:
        hand_over(case, to=form.typed("to"), reason=form.typed("reason"), **who)

    return _conclude(request, pk, "handing_over", form, act)


@agents_page
@require_POST
def take_up(request: EmployeeRequest, pk: int) -> HttpResponse:
    """The customer came back."""
    form = TakingUpForm(request.POST)

    def act(case: Case, **who: Any) -> None:
        take_up_again(case, channel=form.typed("channel"), note=form.typed("note"), **who)

    return _conclude(request, pk, "taking_up", form, act)


@agents_page
@require_POST
def return_money(request: EmployeeRequest, pk: int, given: int) -> HttpResponse:
    """A remedy could not be carried out: its money goes back."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    resolution = get_object_or_404(case.resolutions.select_related("case", "entry"), pk=given)
    form = GivingBackForm(request.POST, resolution=given)
    try:
        give_back(resolution, reason=form.typed("reason"), **acting(request, form))
    except RequestConflict:
        return sent_already(request, form.request_uuid)
    except GivenBackAlready as already:
        return _show(request, pk, in_the_way=str(already), status=HTTPStatus.CONFLICT)
    except NotTheirsToGiveBack as refusal:
        return _show(request, pk, in_the_way=str(refusal), status=HTTPStatus.FORBIDDEN)
    except ResolutionsError as refusal:
        status, _ = take_refusal(form, refusal, request.user)
        return _show(request, pk, giving_back={given: form}, status=status)
    return redirect("case", pk=pk)


@agents_page
@require_POST
def go_on(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Go on with a case of the customer whose reference was typed, whoever opened it.

    The reference is the key: without it a colleague's case is not there.
    """
    form = CaseForm(request.POST, rulebook=rulebook_for(request.user))
    case = get_object_or_404(
        Case.objects.filter(division=request.user.division),
        pk=pk,
        customer__reference=form.typed("customer_reference"),
    )
    try:
        take_up_again(
            case,
            channel=form.typed("channel"),
            note=form.typed("note"),
            **acting(request, form),
        )
    except RequestConflict:
        return sent_already(request, form.request_uuid)
    except ResolutionsError as refusal:
        status, _ = take_refusal(form, refusal, request.user)
        return case_form_page(request, form, status=status)
    return redirect("case", pk=case.pk)


def _conclude(
    request: EmployeeRequest,
    pk: int,
    name: str,
    form: RequestForm,
    act: Callable[..., None],
) -> HttpResponse:
    """Carry an act out on a case one may see, and show the case; or say what is in the way."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    try:
        act(case, **acting(request, form))
    except RequestConflict:
        return sent_already(request, form.request_uuid)
    except ResolutionsError as refusal:
        status, _ = take_refusal(form, refusal, request.user)
        return _show(request, pk, {name: form}, status=status)
    return redirect("case", pk=pk)


def _show(
    request: EmployeeRequest,
    pk: int,
    forms: dict[str, RequestForm] | None = None,
    *,
    giving_back: Sent | None = None,
    in_the_way: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    employee, rulebook = request.user, rulebook_for(request.user)
    seen = Case.objects.visible_to(employee).with_story(employee)
    case = get_object_or_404(seen, pk=pk)
    context = {
        "case": case,
        "title": title_of(case, rulebook),
        "done": done_words(case, rulebook),
        "took": took_words(case),
        "told": told_in_words(case, rulebook),
        "currency": rulebook.currency,
        "story": story_of(case, rulebook, reader=employee, sent=giving_back),
        "in_the_way": in_the_way,
        "words": words_of(case, rulebook),
        "budget": months.month_as_it_stands(employee, at=timezone.now()),
        "is_open": case.state == CaseState.OPEN,
        "is_put_right": case.state == CaseState.PUT_RIGHT,
        "closing": ClosingForm(),
        "handing_over": HandingOverForm(),
        "taking_up": TakingUpForm(initial={"channel": case.channel}),
        **(forms or {}),
    }
    mark_as_seen(case, employee, at=timezone.now())
    return render(request, "resolutions/case.html", context, status=status)
