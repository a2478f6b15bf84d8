"""Narrowing the list of gaps: when, by what they were refused, by which rule, answered or not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from budgets.days import begin_of, month_before
from employees.admin.base import actor
from policies.decision import BoundKind
from resolutions.decision_words import kind_words
from resolutions.gap_groups import last_versions
from resolutions.models import AuthorityGap

IN_WORDS, REFUSED = "words", "refused"


@dataclass(frozen=True, slots=True)
class Period:
    """Some days up to now, or up to the end of a month."""

    key: str
    label: str  # as in a list of choices
    words: str  # as in "31 refusals this month"
    since: datetime
    until: datetime | None = None

    @property
    def gaps(self) -> Q:
        """Those of these days."""
        since = Q(at__gte=self.since)
        return since if self.until is None else since & Q(at__lt=self.until)


def periods_of(request: HttpRequest) -> list[Period]:
    """What can be looked at, where the person works; the first is what one sees at first."""
    zone, now = actor(request).zone, timezone.now()
    this = now.astimezone(zone).date().replace(day=1)
    this_begins, last_begins = begin_of(this, zone), begin_of(month_before(this), zone)
    ninety = now - timedelta(days=90)
    return [
        Period("recent", "This and last month", "this month and last", last_begins),
        Period("this-month", "This month", "this month", this_begins),
        Period("last-month", "Last month", "last month", last_begins, this_begins),
        Period("90-days", "Last 90 days", "in the last 90 days", ninety),
    ]


def period_of(request: HttpRequest) -> Period:
    """The one that is asked for; what is none asks for the first."""
    periods = periods_of(request)
    asked = request.GET.get(PeriodFilter.parameter_name)
    return next((period for period in periods if period.key == asked), periods[0])


class _Filter(admin.SimpleListFilter):
    """A choice that keeps what it says."""

    def keeps(self, asked: str) -> Q:
        """Those of a choice."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only these; what is not among the choices narrows nothing."""
        asked = self.value() or ""
        known = {str(value) for value, _ in self.lookup_choices}
        return queryset.filter(self.keeps(asked)) if asked in known else queryset


class PeriodFilter(_Filter):
    """When it was."""

    title = "when"
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The same periods as where they are grouped."""
        self.periods = {period.key: period for period in periods_of(request)}
        return [(period.key, period.label) for period in self.periods.values()]

    def keeps(self, asked: str) -> Q:
        """Those of the period."""
        return self.periods[asked].gaps


class AnsweredFilter(_Filter):
    """Whether it has an answer."""

    title = "answer"
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one and the other."""
        return [("no", "Not answered yet"), ("yes", "Answered")]

    def keeps(self, asked: str) -> Q:
        """Those with an answer, or without."""
        return Q(answer__isnull=asked == "no")


class BoundFilter(_Filter):
    """What refused it."""

    title = "refused by"
    parameter_name = "bound"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds of bounds, and what was said where nothing was refused."""
        kinds = [(str(kind), kind_words(kind)) for kind in BoundKind]
        return [(REFUSED, "Anything"), *kinds, (IN_WORDS, "Nothing: said in words")]

    def keeps(self, asked: str) -> Q:
        """Those that it refused."""
        if asked in (REFUSED, IN_WORDS):
            return Q(remedy__isnull=asked == IN_WORDS)
        return Q(bound=asked)


class RuleFilter(_Filter):
    """Which rule refused it, in whatever version."""

    title = "rule"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The rules that refused something, each once."""
        refusing = AuthorityGap.objects.visible_to(actor(request)).filter(policy__isnull=False)
        rules = last_versions(actor(request)).filter(
            series__in=refusing.order_by().values("policy__series")
        )
        titles = rules.values_list("series", "title")
        return [(str(series), title) for series, title in titles]

    def keeps(self, asked: str) -> Q:
        """Those that any version of it refused."""
        return Q(policy__series=asked)
