"""`GET closes/`, `POST closes/`, `GET closes/{id}/`, its journal, and what the next would hold."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.filters import MonthFilter
from budgets.days import read_month
from employees.api.authentication import employee_of
from employees.api.filters import KeyFilter
from employees.models import Division, Role
from reports.api.closes_answers import (
    CloseSaid,
    NextCloseAnswer,
    PeriodCloseAnswer,
    WholeCloseAnswer,
    close_json,
    next_close_json,
    whole_close_json,
)
from reports.closing.close import close_month
from reports.closing.order import standing_of
from reports.closing.preview import preview
from reports.errors import NotFinance
from reports.journal import journal_file
from reports.models import PeriodClose
from reports.querysets import PeriodCloseQuerySet
from resolutions.api.questions import read

OCTOBER = OpenApiExample(
    "October of Forno", request_only=True, value={"division": "forno", "month": "2026-10"}
)


class CloseFilters(filters.FilterSet):  # type: ignore[misc]
    """By division and month; together they narrow."""

    division = KeyFilter("division", among=Division.objects.visible_to, help_text="Its code.")
    month_from = MonthFilter("month", "gte", help_text="Such as 2026-10, included.")
    month_to = MonthFilter("month", "lte", help_text="Included.")

    class Meta:
        model = PeriodClose
        fields: tuple[str, ...] = ()


class FinanceCloses(BasePermission):
    """Whoever sees a division's money reads its closes; finance alone makes them."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let readers through, and finance. Raises NotFinance."""
        if request.method not in SAFE_METHODS and employee_of(request).role != Role.FINANCE:
            raise NotFinance
        return True


class Closes(GenericAPIView[PeriodClose]):
    """Closed months."""

    permission_classes = (IsAuthenticated, FinanceCloses)
    queryset = PeriodClose.objects.none()
    filterset_class = CloseFilters
    orders = ("-id", "id")

    def get_queryset(self) -> PeriodCloseQuerySet:
        """Return the closes that this person sees, with all that is told of them."""
        seen = PeriodClose.objects.visible_to(employee_of(self.request))
        return seen.select_related("division", "closed_by")

    @extend_schema(
        operation_id="list_closes", tags=["closes"], responses=PeriodCloseAnswer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List the closed months that you see, the latest close first.

        Managers and finance see their division's; finance of the group sees all.
        """
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([close_json(close) for close in page])

    @extend_schema(
        operation_id="close_a_month",
        tags=["closes"],
        filters=False,
        request=CloseSaid,
        responses={201: WholeCloseAnswer},
        examples=[OCTOBER],
    )
    def post(self, request: Request) -> Response:
        """Close a month of a division, for finance.

        It holds every spend, loan and give-back up to the month's end, where the team works, that
        no close before it holds. It can't be undone, and a month is closed once.
        """
        told = read(CloseSaid, request)
        try:
            month = read_month(told["month"])
        except ValueError as error:
            raise ValidationError({"month": [str(error)]}) from None
        close = close_month(
            _division(request, told["division"]),
            month=month,
            acting_employee=employee_of(request),
            at=timezone.now(),
        )
        return Response(whole_close_json(close), status=201)


class OneClose(APIView):
    """A closed month."""

    @extend_schema(operation_id="read_a_close", tags=["closes"], responses=WholeCloseAnswer)
    def get(self, request: Request, close_id: int) -> Response:
        """Read a closed month with its lines: by account, cost centre and remedy."""
        return Response(whole_close_json(_found(request, close_id)))


class NextClose(APIView):
    """What the next close of a division would hold."""

    @extend_schema(
        operation_id="look_at_the_next_close", tags=["closes"], responses=NextCloseAnswer
    )
    def get(self, request: Request, division: str) -> Response:
        """Look at what the next close of a division would hold now, before it is made.

        With the remedies and teams whose codes finance would miss in the journal.
        """
        reader = employee_of(request)
        there = Division.objects.visible_to(reader).filter(code=division).first()
        if there is None or reader.role not in (Role.MANAGER, Role.FINANCE):
            raise NotFound("There is no such division among those whose money you see.")
        standing = standing_of(there, at=timezone.now())
        held = None
        if standing.next is not None and standing.begins is not None:
            held = preview(there, first=standing.begins, month=standing.next)
        return Response(next_close_json(standing, there, held))


class _AsItIs(BaseContentNegotiation):
    """There is one form of the file, whatever is asked for; problems are JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: Any = None
    ) -> tuple[Any, str]:
        """Return what writes problems."""
        return renderers[0], renderers[0].media_type


class Journal(APIView):
    """The journal of a closed month."""

    content_negotiation_class = _AsItIs

    @extend_schema(
        operation_id="get_a_journal",
        tags=["closes"],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, close_id: int) -> HttpResponse:
        """Get the journal of a closed month as a CSV file: debits and credits that balance.

        It is the same bytes for ever. `checksum` of the close is their SHA-256, which is also in
        `Repr-Digest`; a file that would differ is not given.
        """
        return journal_file(_found(request, close_id))


def _found(request: Request, close_id: int) -> PeriodClose:
    """Return the close with its division. Raises NotFound, also for a foreign one."""
    seen = PeriodClose.objects.visible_to(employee_of(request)).filter(pk=close_id)
    close = seen.select_related("division", "closed_by").first()
    if close is None:
        raise NotFound("There is no such close among those you can see.")
    return close


def _division(request: Request, code: str) -> Division:
    """Return a division that they see. Raises ValidationError."""
    seen = Division.objects.visible_to(employee_of(request))
    division = None if "\x00" in code else seen.filter(code=code).first()
    if division is None:
        message = "There is no division with this code among those you see."
        raise ValidationError({"division": [message]})
    return division
