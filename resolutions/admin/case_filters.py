"""Narrowing the list of cases, and those of what was given and refused: reports lead here."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from budgets.days import begin_of_day
from employees.admin.base import actor
from employees.models import Team
from employees.row_numbers import is_row_number
from policies.models import Remedy
from resolutions.models import CaseState, Conclusion, Resolution, SurveyResponse


class DaysFilter(admin.ListFilter):
    """Some days, both included, where the team works. It shows once it is asked for.

    `at` is when it was; what belongs to no team is of the days of UTC.
    """

    at: ClassVar[str] = "at"
    title = "days"
    template = "admin/filter.html"
    _FROM, _TO = "days_from", "days_to"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.days = [_day(params.pop(name, [""])[-1]) for name in (self._FROM, self._TO)]

    def expected_parameters(self) -> list[str | None]:
        """The first day and the last one."""
        return [self._FROM, self._TO]

    def has_output(self) -> bool:
        """Whether days are asked for."""
        return all(self.days)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """All days again, or these."""
        words = " to ".join(f"{day:%-d %B %Y}" for day in self.days if day)
        everything = changelist.get_query_string(remove=self.expected_parameters())
        yield {"selected": False, "query_string": everything, "display": "All"}
        yield {"selected": True, "query_string": changelist.get_query_string(), "display": words}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only what was on these days."""
        first, last = self.days
        if not first or not last:
            return queryset
        zones = Team.objects.visible_to(actor(request)).zones()
        found = self._within(first, last, "UTC") & Q(team__isnull=True)
        for zone in sorted(zones):
            found |= self._within(first, last, zone) & Q(team__time_zone=zone)
        return queryset.filter(found)

    def _within(self, first: date, last: date, zone: str) -> Q:
        begins, ends = (
            begin_of_day(day, ZoneInfo(zone)) for day in (first, last + timedelta(days=1))
        )
        return Q(**{f"{self.at}__gte": begins, f"{self.at}__lt": ends})


class EndedFilter(DaysFilter):
    """The days on which cases ended."""

    title = "ended"
    at = "ended_at"


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


def _day(text: str) -> date | None:
    """A day of an address; None for anything else, and for the ends of the calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None
