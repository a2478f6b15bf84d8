"""What happens in a case that is there already: more is given, or given back, or it ends."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from employees.api.authentication import employee_of
from resolutions.api.access import HasAuthority, case_to_take_up, visible_case
from resolutions.api.answers import CaseAnswer, ReceiptAnswer
from resolutions.api.idempotency import KEY, request_id_of
from resolutions.api.questions import (
    ClosingSaid,
    ContactSaid,
    GivingBackSaid,
    HandingOverSaid,
    MoreSaid,
    details_in,
    gives_in,
    read,
)
from resolutions.conclude import close_without_remedy, hand_over, take_up_again
from resolutions.give_back import give_back
from resolutions.resolve import give_more


class Step(APIView):
    """Something that is done in a case, once for each `Idempotency-Key`."""

    permission_classes = (IsAuthenticated, HasAuthority)


class Resolutions(Step):
    """What is given in a case."""

    @extend_schema(
        operation_id="give_more",
        tags=["cases"],
        parameters=[KEY],
        request=MoreSaid,
        responses={201: ReceiptAnswer},
    )
    def post(self, request: Request, case_id: int) -> Response:
        """Give something (more) in a case. What was given in it before, by anyone, counts.

        What was not told when the case was opened, such as its `order_value`, can be told now; what
        was told stays as it was told.
        """
        told = read(MoreSaid, request)
        receipt = give_more(
            visible_case(request, case_id),
            gives=gives_in(told),
            later=details_in(told),
            acting_employee=employee_of(request),
            request_id=request_id_of(request),
        )
        return Response(receipt, status=201)


class GiveBack(APIView):
    """What could not be carried out."""

    permission_classes = (IsAuthenticated,)  # a manager needs no tier to return money

    @extend_schema(
        operation_id="give_back",
        tags=["cases"],
        parameters=[KEY],
        request=GivingBackSaid,
        responses=CaseAnswer,
    )
    def post(self, request: Request, case_id: int, resolution_id: int) -> Response:
        """Give back a remedy that could not be carried out, and say why.

        Its money returns to the month that it came from, also when that month is over, and it
        counts on no limit any more. It stays in the case, with `given_back`. Where nothing else
        stands in a case that was put right, the case is open again. For whoever gave it, the lead
        of the team and managers of the division.
        """
        told = read(GivingBackSaid, request)
        given = visible_case(request, case_id).resolutions.all()
        resolution = next((each for each in given if each.pk == resolution_id), None)
        if resolution is None:
            raise NotFound("There is no such resolution in this case.")
        case = give_back(
            resolution,
            acting_employee=employee_of(request),
            request_id=request_id_of(request),
            **told,
        )
        return Response(case)


class Close(Step):
    """Closing a case without a remedy."""

    @extend_schema(
        operation_id="close_without_a_remedy",
        tags=["cases"],
        parameters=[KEY],
        request=ClosingSaid,
        responses=CaseAnswer,
    )
    def post(self, request: Request, case_id: int) -> Response:
        """Close an open case: an explanation or an apology was enough. What was said is kept."""
        told = read(ClosingSaid, request)
        case = close_without_remedy(
            visible_case(request, case_id),
            acting_employee=employee_of(request),
            request_id=request_id_of(request),
            **told,
        )
        return Response(case)


class HandOver(Step):
    """Handing a customer over."""

    @extend_schema(
        operation_id="hand_over",
        tags=["cases"],
        parameters=[KEY],
        request=HandingOverSaid,
        responses=CaseAnswer,
    )
    def post(self, request: Request, case_id: int) -> Response:
        """Hand the customer over to someone else after all: an escalation, counted with why."""
        told = read(HandingOverSaid, request)
        case = hand_over(
            visible_case(request, case_id),
            acting_employee=employee_of(request),
            request_id=request_id_of(request),
            **told,
        )
        return Response(case)


class Contacts(Step):
    """The customer coming back."""

    @extend_schema(
        operation_id="take_up_again",
        tags=["cases"],
        parameters=[KEY],
        request=ContactSaid,
        responses={201: CaseAnswer},
    )
    def post(self, request: Request, case_id: int) -> Response:
        """The customer came back about the same case: it is open again, and yours too.

        With the customer's reference, any case of theirs in your division, whoever opened it.
        """
        told = read(ContactSaid, request)
        case = take_up_again(
            case_to_take_up(request, case_id, customer=told.pop("customer", "").strip()),
            acting_employee=employee_of(request),
            request_id=request_id_of(request),
            **told,
        )
        return Response(case, status=201)
