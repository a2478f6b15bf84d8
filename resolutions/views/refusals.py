"""What an act refused, told where it belongs: at the fields, above the form, or as rules."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from employees.doors import EmployeeRequest
from employees.models import Employee
from resolutions.errors import (
    CaseEnded,
    InvalidCase,
    OutsideAuthority,
    OwnCase,
    ResolutionsError,
)
from resolutions.forms.details import DetailsForm
from resolutions.forms.gives import GivesForm
from resolutions.forms.request import RequestForm
from resolutions.models import Case, Customer, Submission
from resolutions.own_case import refuse_own_case
from resolutions.views.stops import Stop, refused


def take_refusal(
    form: RequestForm, refusal: ResolutionsError, employee: Employee
) -> tuple[int, list[Stop]]:
    """Put into the form what was refused; returns the page's status, and the rules to show."""
    match refusal:
        case InvalidCase():
            form.show(refusal)
            return HTTPStatus.BAD_REQUEST, []
        case OutsideAuthority() if isinstance(form, GivesForm):
            # What is sent next is a request of its own: this one has got its answer.
            form.with_new_request_id()
            form.offer_instead(refusal.refusal["decisions"])
            why = employee.tier.rationale if employee.tier else ""
            return HTTPStatus.FORBIDDEN, refused(refusal.refusal, form.rulebook, why_so_far=why)
    form.add_error(None, str(refusal))
    return HTTPStatus.CONFLICT if isinstance(refusal, CaseEnded) else HTTPStatus.FORBIDDEN, []


def is_own_case(form: DetailsForm, employee: Employee, customer: Customer | None) -> bool:
    """Whether the customer is the employee, who is told so above the form."""
    try:
        refuse_own_case(employee, customer, form.who)
    except OwnCase as own:
        form.show(InvalidCase({"": [str(own)]}))
        return True
    return False


def errors_of(form: RequestForm, *, but_gives: bool = False) -> list[tuple[str, str, str]]:
    """What is wrong, each with its field's label and id, for a list that leads to the fields.

    `but_gives` leaves out what the offers tell themselves.
    """
    return [
        (*_field(form, name), str(message))
        for name, messages in form.errors.items()
        for message in messages
        if not (but_gives and name.startswith(("amount-", "quantity-", "description-", "give-")))
    ]


def sent_already(request: EmployeeRequest, request_id: UUID) -> HttpResponse:
    """The form was sent before, with other contents: lead to the case that it made."""
    sent = Submission.objects.filter(employee=request.user, request_id=request_id)
    case = Case.objects.filter(pk__in=sent.values("case")).select_related("division").first()
    context = {"case": case}
    return render(request, "resolutions/sent_already.html", context, status=HTTPStatus.CONFLICT)


def _field(form: RequestForm, name: str) -> tuple[str, str]:
    return (str(form[name].label), f"id_{name}") if name in form.fields else ("", "")
