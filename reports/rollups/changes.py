"""Which days have to be counted anew, as something that counts in them was written.

What must stay true: a day is named whatever changed in it, and however often. The day on which a
case ended before it went on is named, too: each of its endings is kept, by what was given or
concluded. When a case is told, earlier ones of the same customer and reason are: they came again.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from budgets.models import EntryKind, LedgerEntry
from reports.measures import FIRST_CONTACT_WINDOW
from reports.rollups.counting import CASES, COSTS, GAPS, Counting
from reports.rollups.days import DayIn, Days
from reports.rollups.marks import Moment, written
from resolutions.models import Case, Conclusion, FollowUp, Resolution, SurveyResponse


class Place(NamedTuple):
    """A day of a division's team, or of what has none there; by their numbers."""

    day: date
    division: int
    team: int | None


Changes = dict[Counting, set[Place]]


def changes(since: Mapping[str, int], moment: Moment) -> Changes:
    """What was written from these marks on, as the days and places that it counts in.

    Three queries, however much it was.
    """

    def new(source: str) -> Q:
        return written(source, since, moment)

    return {
        COSTS: _places(COSTS.rows().filter(new("entries"))),
        GAPS: _places(GAPS.rows().filter(new("gaps"))),
        CASES: _places_of_cases(new),
    }


def days_of(counting: Counting, places: Iterable[Place]) -> list[Days]:
    """Places as days to count, one for each day: of the teams that are named.

    Of costs, all teams: whoever lent may be in another one since, and would be counted in both.
    """
    by_day: dict[date, list[Place]] = {}
    for place in places:
        by_day.setdefault(place.day, []).append(place)
    return [
        Days(
            day,
            day,
            frozenset(place.division for place in where),
            None if counting is COSTS else frozenset(place.team for place in where),
        )
        for day, where in sorted(by_day.items())
    ]


def _places(rows: QuerySet[Any]) -> set[Place]:
    return {Place(*row) for row in rows.values_list("day", "division", "team").distinct()}


def _places_of_cases(new: Callable[[str], Q]) -> set[Place]:
    touched = _touched(new)
    ended = Case.objects.filter(pk__in=touched, ended_at__isnull=False)
    given = Resolution.objects.filter(case__in=touched)
    concluded = Conclusion.objects.filter(case__in=touched)
    earlier = Case.objects.filter(
        new("cases"),
        customer__cases__reason_code=F("reason_code"),
        customer__cases__opened_at__lt=F("opened_at"),
        customer__cases__ended_at__gte=F("opened_at") - FIRST_CONTACT_WINDOW,
    )
    every = _ended("", "ended_at", ended).union(
        _ended("case__", "at", given),
        _ended("case__", "at", concluded),
        _ended("customer__cases__", "customer__cases__ended_at", earlier),
    )
    return {Place(*row) for row in every}


def _touched(new: Callable[[str], Q]) -> QuerySet[Any]:
    """Cases that were changed, asked about or answered, or whose remedies were given back."""
    returned = LedgerEntry.objects.filter(new("entries"), kind=EntryKind.GIVE_BACK)
    of_spend = returned.filter(concerns__resolution__isnull=False)
    return (
        Case.objects.filter(new("cases"))
        .order_by()
        .values("pk")
        .union(
            FollowUp.objects.filter(new("follow_ups")).order_by().values("case"),
            SurveyResponse.objects.filter(new("responses")).order_by().values("follow_up__case"),
            of_spend.order_by().values("concerns__resolution__case"),
        )
    )


def _ended(case: str, at: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The day and place of each ending; `case` is the path to the case, `at` to the moment."""
    return rows.order_by().values_list(
        DayIn(at, f"{case}team__time_zone"), f"{case}division", f"{case}team"
    )
