"""Which cases a list shows."""

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from policies.models import Channel
from resolutions.models import Case, CaseState, Resolution


class CaseFilters(filters.FilterSet):  # type: ignore[misc]
    """By state, codes, team, time, customer and order; together they narrow."""

    state = filters.ChoiceFilter(choices=CaseState.choices)
    division = filters.CharFilter("division__code")
    reason_code = filters.CharFilter("reason_code__code")
    channel = filters.ChoiceFilter(choices=Channel.choices)
    remedy = filters.CharFilter(method="given", help_text="Cases in which it was given.")
    team = filters.CharFilter("team__name")
    opened_from = filters.IsoDateTimeFilter(
        "opened_at", "gte", help_text="A day or a moment, in UTC unless it says its zone."
    )
    opened_to = filters.IsoDateTimeFilter("opened_at", "lt", help_text="Not included.")
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
