"""`GET policies/`: the rules in force now, each with its why and the words to say."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from employees.api.authentication import employee_of
from employees.api.filters import KeyFilter, OneOfFilter
from employees.models import Division
from employees.money import money_text
from policies.facts import Operator
from policies.models import Effect, Measure, Per, Policy, ReasonCode, Remedy
from policies.querysets import PolicyQuerySet
from policies.sentences import rule_sentence
from policies.versions import end_of
from policies.words import number


class PolicyFilters(filters.FilterSet):  # type: ignore[misc]
    """Rules that could apply: a rule that names no remedy is about all of them."""

    effect = OneOfFilter(choices=Effect.choices, help_text="What the rule does.")
    division = KeyFilter("division", among=Division.objects.visible_to, help_text="Its code.")
    reason_code = KeyFilter(
        "reason_codes",
        method="about",
        among=ReasonCode.objects.visible_to,
        help_text="Rules about this reason code, and those about every one.",
    )
    remedy = KeyFilter(
        "remedies",
        method="about",
        among=Remedy.objects.visible_to,
        help_text="Rules about this remedy, by its code, and those about every one.",
    )

    class Meta:
        model = Policy
        fields: tuple[str, ...] = ()

    def about(self, rules: QuerySet[Policy], scope: str, keys: list[Any]) -> QuerySet[Policy]:
        """Keep the rules about what is called so, and those about everything."""
        return rules.filter(Q(**{f"{scope}__isnull": True}) | Q(**{f"{scope}__in": keys}))


class ConditionAnswer(serializers.Serializer[Any]):
    """A comparison that must hold for the rule to apply."""

    fact = serializers.CharField()
    operator = serializers.ChoiceField(choices=Operator.values)
    value = serializers.CharField()
    window_days = serializers.IntegerField(allow_null=True)


class PolicyAnswer(serializers.Serializer[Any]):
    """A rule: where it applies, what it grants, restricts or forbids, and why."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    division = serializers.CharField()
    title = serializers.CharField()
    sentence = serializers.CharField(help_text="The whole rule in plain words.")
    rationale = serializers.CharField(help_text="Why, for the employee.")
    customer_wording = serializers.CharField(help_text="Words to say to the customer.")
    effect = serializers.ChoiceField(choices=Effect.values)
    measure = serializers.ChoiceField(choices=Measure.values, allow_null=True)
    value = serializers.CharField(
        allow_null=True, help_text="An amount, a percentage, a quantity or a number of times."
    )
    per = serializers.ChoiceField(choices=Per.values)
    window_days = serializers.IntegerField(allow_null=True)
    entitlement = serializers.BooleanField(help_text="The customer is owed it.")
    allows_grace = serializers.BooleanField()
    review_afterwards = serializers.BooleanField()
    reason_codes = serializers.ListField(child=serializers.CharField(), help_text="Empty: all.")
    remedies = serializers.ListField(child=serializers.CharField(), help_text="Empty: all.")
    tiers = serializers.ListField(child=serializers.CharField(), help_text="Empty: all.")
    teams = serializers.ListField(child=serializers.CharField(), help_text="Empty: all.")
    channels = serializers.ListField(child=serializers.CharField(), help_text="Empty: all.")
    conditions = ConditionAnswer(many=True, help_text="All of them must hold.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class Policies(GenericAPIView[Policy]):
    """Rules."""

    queryset = Policy.objects.none()
    filterset_class = PolicyFilters
    orders = ("id", "-id")

    def get_queryset(self) -> PolicyQuerySet:
        """Return the rules in force now that are about this person's tier and team."""
        employee = employee_of(self.request)
        rules = Policy.objects.visible_to(employee).in_force(timezone.now())
        return rules.for_work_of(employee).readable().with_successor()

    @extend_schema(
        operation_id="list_policies", tags=["policies"], responses=PolicyAnswer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List the rules in force now: for you, if you have a tier, or for your division."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([policy_json(policy) for policy in page])


def policy_json(policy: Policy) -> dict[str, Any]:
    """A rule as a program reads it, with codes for reason codes and remedies."""
    return {
        "id": policy.pk,
        "version": policy.version,
        "division": policy.division.code,
        "title": policy.title,
        "sentence": rule_sentence(policy),
        "rationale": policy.rationale,
        "customer_wording": policy.customer_wording,
        "effect": policy.effect,
        "measure": policy.measure or None,
        "value": _value(policy),
        "per": policy.per,
        "window_days": policy.window_days,
        "entitlement": policy.entitlement,
        "allows_grace": policy.allows_grace,
        "review_afterwards": policy.review_afterwards,
        "reason_codes": [reason.code for reason in policy.reason_codes.all()],
        "remedies": [remedy.code for remedy in policy.remedies.all()],
        "tiers": [tier.name for tier in policy.tiers.all()],
        "teams": [team.name for team in policy.teams.all()],
        "channels": policy.channels,
        "conditions": [
            {
                "fact": condition.fact,
                "operator": condition.operator,
                "value": condition.value,
                "window_days": condition.window_days,
            }
            for condition in policy.conditions.all()
        ],
        "starts_at": policy.starts_at and policy.starts_at.isoformat(),
        "ends_at": (end := end_of(policy)) and end.isoformat(),
    }


def _value(policy: Policy) -> str | None:
    if policy.value is None:
        return None
    if policy.measure == Measure.AMOUNT:
        return money_text(policy.value, policy.division.currency)
    return number(policy.value)
