"""The case form as it is shown: with what can be given now, and what is in the way."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from budgets import ledger
from employees.doors import EmployeeRequest
from resolutions.ask import Answered, find_customer, what_can_be_given
from resolutions.forms.problem import CaseForm
from resolutions.models import Customer
from resolutions.problem import Give
from resolutions.views.board import Board
from resolutions.views.lines import earlier_lines
from resolutions.views.needs import needs_on
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
    """The form: the whole page, or for HTMX what depends on what was typed."""
    board = _board(request, form)
    customer = board.customer if board else _customer(request, form)
    if is_own_case(form, request.user, customer):
        board, customer = None, None
    budget = board.budget if board else ledger.month_as_it_stands(request.user, at=timezone.now())
    context = {
        "form": form,
        "board": board,
        "budget": budget,
        "currency": form.rulebook.currency,
        "customer": customer,
        "earlier": earlier_lines(customer, form.rulebook),
        "refused": refused,
        "wrong": errors_of(form, but_gives=bool(request.htmx)),
        "told_anew": form.typed("facts_of") != form.typed("reason_code"),
    }
    name = "options" if request.htmx else "new_case"
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

    return board_of(form, ask, employee=request.user, needs=needs_on(form))
