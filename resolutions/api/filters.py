"""Which cases a list shows."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_filters import rest_framework as filters

from employees.api.filters import (
    DAY_OR_MOMENT,
    NOT_INCLUDED,
    AmountFilter,
    KeyFilter,
    MomentFilter,
    OneOfFilter,
    TextFilter,
)
from employees.models import Division, Employee, Team
from policies.models import Channel, ReasonCode, Remedy
from resolutions.models import Case, CaseState, Resolution


def _teams(employee: Employee) -> QuerySet[Team]:
    """The teams of the divisions that someone sees: a case stays with the team that opened it."""
    return Team.objects.filter(division__in=Division.objects.visible_to(employee))


def _people(employee: Employee) -> QuerySet[Employee]:
    """The colleagues that someone sees, and those who gave something in cases that they see."""
    seen = Q(pk__in=Employee.objects.visible_to(employee).values("pk"))
    theirs = Resolution.objects.visible_to(employee).filter(given_by=OuterRef("pk"))
    return Employee.objects.filter(seen | Q(Exists(theirs)))


class CaseFilters(filters.FilterSet):  # type: ignore[misc]
    """By state, codes, people, time, customer and order; together they narrow."""

    state = OneOfFilter(choices=CaseState.choices, help_text="Where the case stands.")
    division = KeyFilter("division", among=Division.objects.visible_to, help_text="Its code.")
    currency = KeyFilter(
        "division", among=Division.objects.visible_to, by="currency", help_text="ISO 4217."
    )
    reason_code = KeyFilter(
        "reason_code", among=ReasonCode.objects.visible_to, help_text="What went wrong."
    )
    channel = OneOfFilter(choices=Channel.choices, help_text="Where it was told.")
    remedy = KeyFilter(
        "remedy",
        method="given",
        among=Remedy.objects.visible_to,
        help_text="Cases in which it was given, by its code.",
    )
    given_by = KeyFilter(
        "given_by",
        method="given",
        among=_people,
        by="username",
        help_text="Cases in which this person gave something, by user name.",
    )
    team = KeyFilter(
        "team",
        among=_teams,
        by="name",
        help_text="The team that opened it, by name; of every division you see, unless "
        "`division` says which.",
    )
    opened_from = MomentFilter("opened_at", "gte", help_text=DAY_OR_MOMENT)
    opened_to = MomentFilter("opened_at", "lt", help_text=NOT_INCLUDED)
    ended_from = MomentFilter("ended_at", "gte", help_text=DAY_OR_MOMENT)
    ended_to = MomentFilter(
        "ended_at", "lt", help_text=NOT_INCLUDED + " Quickest when ordered by `ended_at`."
    )
    order_value_min = AmountFilter(
        "order_value", "gte", help_text="Included. In the division's currency."
    )
    order_value_max = AmountFilter(
        "order_value", "lte", help_text="Included. In the division's currency."
    )
    customer = TextFilter("customer__reference", help_text="Their reference.")
    order_reference = TextFilter("order_reference", help_text="The order's number.")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def given(self, cases: QuerySet[Case], name: str, keys: list[Any]) -> QuerySet[Case]:
        """Keep the cases in which this was given, or given by them, each once."""
        what = {f"{name}__in": keys}
        return cases.filter(Exists(Resolution.objects.filter(case=OuterRef("pk"), **what)))
