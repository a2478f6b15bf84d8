"""Which cases a list shows."""

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from employees.api.filters import KnownFilter, MomentFilter
from employees.models import Division, Employee, Team
from policies.models import Channel, ReasonCode, Remedy
from resolutions.models import Case, CaseState, Resolution


def _teams(employee: Employee) -> QuerySet[Team]:
    """The teams of the divisions that someone sees: a case stays with the team that opened it."""
    return Team.objects.filter(division__in=Division.objects.visible_to(employee))


class CaseFilters(filters.FilterSet):  # type: ignore[misc]
    """By state, codes, team, time, customer and order; together they narrow."""

    state = filters.ChoiceFilter(choices=CaseState.choices)
    division = KnownFilter("division__code", among=Division.objects.visible_to)
    reason_code = KnownFilter("reason_code__code", among=ReasonCode.objects.visible_to)
    channel = filters.ChoiceFilter(choices=Channel.choices)
    remedy = KnownFilter(
        method="given", among=Remedy.objects.visible_to, help_text="Cases in which it was given."
    )
    team = KnownFilter("team__name", among=_teams, by="name")
    opened_from = MomentFilter(
        "opened_at", "gte", help_text="A day or a moment, in UTC unless it says its zone."
    )
    opened_to = MomentFilter("opened_at", "lt", help_text="Not included.")
    customer = filters.CharFilter("customer__reference", help_text="Their reference.")
    order_reference = filters.CharFilter("order_reference")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def given(self, cases: QuerySet[Case], name: str, code: str) -> QuerySet[Case]:
        """Keep the cases in which the remedy was given, each once."""
        return cases.filter(
            Exists(Resolution.objects.filter(case=OuterRef("pk"), remedy__code=code))
        )
