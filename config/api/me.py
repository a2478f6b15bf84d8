"""`GET me/`: who I am, how far my word goes, and what is left of my month."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets import months
from employees.api.authentication import employee_of
from employees.models import Employee
from employees.money import money_text
from resolutions.api.answers import BudgetAnswer
from resolutions.receipt import budget_json


class DivisionAnswer(serializers.Serializer[Any]):
    """A division: a business with its own currency, tiers, remedies and rules."""

    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField(help_text="ISO 4217")


class TierAnswer(serializers.Serializer[Any]):
    """An authority tier: how far someone's word goes."""

    name = serializers.CharField()
    grace_percent = serializers.IntegerField(help_text="How far beyond the limit.")
    over_budget_percent = serializers.IntegerField(help_text="How far beyond the month.")
    rationale = serializers.CharField()


class MeAnswer(serializers.Serializer[Any]):
    """An employee, as they see themselves."""

    username = serializers.CharField()
    name = serializers.CharField()
    job_title = serializers.CharField()
    role = serializers.ChoiceField(
        choices=["agent", "team_lead", "manager", "finance", "administrator"]
    )
    division = DivisionAnswer(allow_null=True)
    team = serializers.CharField(allow_null=True)
    time_zone = serializers.CharField(help_text="Where the month begins at midnight.")
    tier = TierAnswer(allow_null=True)
    limit_per_case = serializers.CharField(allow_null=True, help_text="All remedies, at cost.")
    budget = BudgetAnswer(allow_null=True)


class Me(APIView):
    """The person whose token it is."""

    @extend_schema(operation_id="me", tags=["me"], responses=MeAnswer)
    def get(self, request: Request) -> Response:
        """Who am I, how far does my word go, and what is left of my month?"""
        return Response(me_json(employee_of(request)))


def me_json(employee: Employee) -> dict[str, Any]:
    """The employee as a program reads them. Opens no month."""
    division, team, tier = employee.division, employee.team, employee.tier
    limit = budget = None
    if division and tier:
        limit = money_text(employee.limit_per_case, division.currency)
        budget = budget_json(months.month_as_it_stands(employee, at=timezone.now()))
    return {
        "username": employee.username,
        "name": employee.get_full_name(),
        "job_title": employee.job_title,
        "role": employee.role,
        "division": division
        and {"code": division.code, "name": division.name, "currency": division.currency},
        "team": team and team.name,
        "time_zone": str(employee.zone),
        "tier": tier
        and {
            "name": tier.name,
            "grace_percent": tier.grace_percent,
            "over_budget_percent": tier.over_budget_percent,
            "rationale": tier.rationale,
        },
        "limit_per_case": limit,
        "budget": budget,
    }
