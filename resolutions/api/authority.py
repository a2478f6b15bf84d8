"""`POST authority/`: what can be given, before anything is. Nothing is written."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from employees.api.authentication import employee_of
from employees.money import money_text
from resolutions.api.access import HasAuthority, visible_case
from resolutions.api.answers import AuthorityAnswer
from resolutions.api.questions import (
    ChosenSaid,
    QuestionSaid,
    details_in,
    gives_in,
    problem_in,
    read,
)
from resolutions.ask import Answered, what_can_be_given, what_more_can_be_given
from resolutions.models import Incident
from resolutions.receipt import budget_json

QUESTION = OpenApiExample(
    "Wrong order",
    request_only=True,
    value={
        "reason_code": "wrong-order",
        "channel": "doorstep",
        "order_value": "23.50",
        "customer": {"reference": "C-1001"},
    },
)


class Authority(APIView):
    """What I may give for a problem."""

    permission_classes = (IsAuthenticated, HasAuthority)

    @extend_schema(
        operation_id="ask_what_can_be_given",
        tags=["authority"],
        request=QuestionSaid,
        responses=AuthorityAnswer,
        examples=[QUESTION],
    )
    def post(self, request: Request) -> Response:
        """Ask what can be given for a problem, now, by you. Nothing is written.

        The more is told, the more is known: a percentage of an order needs its value. What you
        send in `gives` counts as chosen: the others are answered next to it.
        """
        told = read(QuestionSaid, request)
        answered = what_can_be_given(
            problem_in(told), acting_employee=employee_of(request), chosen=gives_in(told)
        )
        return Response(authority_json(answered))


class AuthorityInCase(APIView):
    """What more I may give in a case."""

    permission_classes = (IsAuthenticated, HasAuthority)

    @extend_schema(
        operation_id="ask_what_more_can_be_given",
        tags=["authority"],
        request=ChosenSaid,
        responses=AuthorityAnswer,
    )
    def post(self, request: Request, case_id: int) -> Response:
        """Ask what more can be given in a case; what was given in it counts. Nothing is written.

        Send what was not told when the case was opened, such as its `order_value`: what was told
        stays as it was told.
        """
        told = read(ChosenSaid, request)
        answered = what_more_can_be_given(
            visible_case(request, case_id),
            acting_employee=employee_of(request),
            later=details_in(told),
            chosen=gives_in(told),
        )
        return Response(authority_json(answered))


def authority_json(answered: Answered) -> dict[str, Any]:
    """Every remedy with its decision, the chosen ones, and the month."""
    return {
        "remedies": [
            {"name": decision.remedy.name, "why": decision.why, **decision.as_json()}
            for decision in answered.options
        ],
        "chosen": [decision.as_json() for decision in answered.chosen],
        "budget": budget_json(answered.budget),
        "incident": answered.incident and _incident_json(answered, answered.incident),
    }


def _incident_json(answered: Answered, incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.pk,
        "name": incident.name,
        "left": money_text(incident.fund.left, incident.division.currency),
        "pays": answered.payer == incident.fund,
        "rationale": incident.rationale,
        "customer_wording": incident.customer_wording,
    }
