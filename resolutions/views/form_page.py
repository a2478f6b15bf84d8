"""A form as it is shown: with what can be given now, and what is in the way."""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from budgets import months
from employees.doors import EmployeeRequest
from resolutions.ask import Answered, find_customer, what_can_be_given
from resolutions.forms.details import DetailsForm
from resolutions.forms.problem import CaseForm
from resolutions.models import Case, Customer
from resolutions.problem import Give
from resolutions.views.board import Board
from resolutions.views.lines import earlier_lines
from resolutions.views.placing import board_of
from resolutions.views.refusals import errors_of, is_own_case
from resolutions.views.stops import Stop


def case_form_page(
    request: EmployeeRequest,
    form: CaseForm,
    *,
    refused: Sequence[Stop] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form for a new case."""
    board = _board(request, form)
    return form_page(
        request,
        form,
        "new_case",
        board=board,
        customer=board.customer if board else _customer(request, form),
        refused=refused,
        status=status,
        told_anew=form.typed("facts_of") != form.typed("reason_code"),
    )


def form_page(
    request: EmployeeRequest,
    form: DetailsForm,
    page: str,
    *,
    board: Board | None,
    customer: Customer | None,
    case: Case | None = None,
    refused: Sequence[Stop],
    status: int,
    **also: Any,
) -> HttpResponse:
    """The whole page, or for HTMX what depends on what was typed.

    Who is told only now is shown with what they came with before; nothing is offered to oneself.
    """
    if is_own_case(form, request.user, customer):
        board, customer = None, None
    told_now = None if case and case.customer else customer
    budget = board.budget if board else months.month_as_it_stands(request.user, at=timezone.now())
    context = {
        "case": case,
        "form": form,
        "board": board,
        "budget": budget,
        "currency": form.rulebook.currency,
        "customer": told_now,
        "earlier": earlier_lines(told_now, form.rulebook),
        "refused": refused,
        "wrong": errors_of(form, but_gives=bool(request.htmx)),
        **also,
    }
    name = "options" if request.htmx else page
    return render(request, f"resolutions/{name}.html", context, status=status)


def _customer(request: EmployeeRequest, form: CaseForm) -> Customer | None:
    """Whoever has the reference that was typed."""
    who = form.who
    return find_customer(request.user, who) if who and "\x00" not in who.reference else None


def _board(request: EmployeeRequest, form: CaseForm) -> Board | None:
    if form.reason is None:
        return None

    def ask(leaving_out: Collection[str], gives: Sequence[Give]) -> Answered:
        details = form.details(leaving_out, briefly=True)
        problem = form.problem(details, briefly=True)
        return what_can_be_given(problem, acting_employee=request.user, chosen=gives)

    return board_of(form, ask, employee=request.user)
