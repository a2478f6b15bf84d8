"""`GET cases/`, `POST cases/` and `GET cases/{id}/`."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from employees.api.authentication import employee_of
from resolutions.api.access import HasAuthority, sees_names, visible_case
from resolutions.api.answers import CaseAnswer, ReceiptAnswer
from resolutions.api.filters import CaseFilters
from resolutions.api.idempotency import KEY, request_id_of
from resolutions.api.questions import CaseSaid, gives_in, problem_in, read
from resolutions.models import Case
from resolutions.querysets import CaseQuerySet
from resolutions.receipt import case_json
from resolutions.resolve import resolve_case

LATE_PIZZA = OpenApiExample(
    "A late pizza",
    request_only=True,
    value={
        "reason_code": "wrong-order",
        "channel": "doorstep",
        "order_value": "23.50",
        "order_reference": "ORD-1881",
        "customer": {"reference": "C-1001", "name": "Kim Lee", "email": "kim@example.com"},
        "note": "Wrong toppings, 30 minutes late.",
        "gives": [{"remedy": "free-pizza", "quantity": 1}, {"remedy": "reorder", "quantity": 1}],
    },
)


class Cases(GenericAPIView[Case]):
    """Cases, and what was given in them."""

    permission_classes = (IsAuthenticated, HasAuthority)
    queryset = Case.objects.none()
    filterset_class = CaseFilters
    orders = ("-opened_at", "opened_at", "-ended_at", "ended_at")
    orders_help = "By `ended_at` are those that have ended."

    def get_queryset(self) -> CaseQuerySet:
        """Return the cases that this person sees, with all that is told of them."""
        return Case.objects.visible_to(employee_of(self.request)).with_receipt()

    @extend_schema(operation_id="list_cases", tags=["cases"], responses=CaseAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List the cases that you see, the latest first.

        An agent sees their own, a lead the team's, a manager and finance the division's.
        """
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        names = sees_names(employee_of(request))
        return self.get_paginated_response(
            [case_json(case, case.resolutions.all(), personal=names) for case in page]
        )

    @extend_schema(
        operation_id="open_and_resolve_a_case",
        tags=["cases"],
        filters=False,
        parameters=[KEY],
        request=CaseSaid,
        responses={201: ReceiptAnswer},
        examples=[LATE_PIZZA],
    )
    def post(self, request: Request) -> Response:
        """Open a case and put it right, in one go.

        All of `gives` are given, or none. With none, the case is opened and stays open.
        """
        told = read(CaseSaid, request)
        receipt = resolve_case(
            problem_in(told),
            gives=gives_in(told),
            acting_employee=employee_of(request),
            request_id=request_id_of(request),
        )
        return Response(receipt, status=201)


class OneCase(APIView):
    """A case."""

    @extend_schema(operation_id="read_a_case", tags=["cases"], responses=CaseAnswer)
    def get(self, request: Request, case_id: int) -> Response:
        """Read a case with what was given in it, and the decisions as they were."""
        case = visible_case(request, case_id)
        names = sees_names(employee_of(request))
        return Response(case_json(case, case.resolutions.all(), personal=names))
