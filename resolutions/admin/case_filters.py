"""Narrowing the list of cases: those that were handed over, by remedy, and by what was said."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from employees.admin.base import actor
from employees.row_numbers import is_row_number
from policies.models import Remedy
from resolutions.models import CaseState, Conclusion, Resolution, SurveyResponse


class HandedOverFilter(admin.SimpleListFilter):
    """Escalations: cases that were handed over at some time, whatever became of them; or never."""

    title = "ever handed over"
    parameter_name = "escalated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Those that were, and all others."""
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep them, those too that were brought in so; or all others."""
        concluded = Conclusion.objects.filter(case=OuterRef("pk"), state=CaseState.HANDED_OVER)
        handed_over = Q(state=CaseState.HANDED_OVER) | Q(Exists(concluded))
        kept = {"yes": handed_over, "no": ~handed_over}
        return queryset.filter(kept.get(self.value() or "", Q()))


class GivenFilter(admin.SimpleListFilter):
    """A remedy that was given in the case, and stands."""

    title = "remedy"
    parameter_name = "given"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The division's remedies."""
        remedies = Remedy.objects.visible_to(actor(request)).order_by("name", "pk")
        return [(str(pk), name) for pk, name in remedies.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the cases in which it was given and not given back, each once."""
        asked = self.value() or ""
        if not is_row_number(asked):
            return queryset
        given = Resolution.objects.standing().filter(case=OuterRef("pk"), remedy=int(asked))
        return queryset.filter(Exists(given))


class ScoreFilter(admin.SimpleListFilter):
    """What the customer said of it."""

    title = "satisfaction"
    parameter_name = "score"
    _ANY = "any"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each score, and any."""
        scores = range(SurveyResponse.WORST, SurveyResponse.BEST + 1)
        each = [(str(score), f"{score} of {SurveyResponse.BEST}") for score in scores]
        return [(self._ANY, "Answered"), *each]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep those with this answer."""
        asked = self.value() or ""
        if asked == self._ANY:
            return queryset.filter(follow_up__response__isnull=False)
        known = {value for value, _ in self.lookup_choices}
        return queryset.filter(follow_up__response__score=asked) if asked in known else queryset
