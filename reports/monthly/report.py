"""What a division's month cost and brought, reckoned from the rollups; see `told.py`.

So many queries as there are kinds of sums, however much happened in the month.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Min

from budgets.days import last_of
from employees.models import Division
from reports import figures
from reports.charts.ranked import NamedGaps, NamedRemedy
from reports.figures import By, Key, Scope
from reports.measured.headline import Headline, Sums
from reports.measured.names import Names, Refused, names_of, refused_by
from reports.measured.period import Period
from reports.measures import BudgetUse, Cases, Costs
from reports.models import Baseline, DailyCases, DailyCosts
from reports.monthly.due import first_working_day
from reports.monthly.known import Known
from reports.monthly.lessons import lessons_of
from reports.monthly.lines import Then, lines
from reports.monthly.sentences import Month, Part, sentences
from reports.monthly.told import Told

S = TypeVar("S")

_WHERE = (By.TEAM, By.REMEDY, By.REASON)


@dataclass(frozen=True, slots=True)
class _Year:
    """The sums of thirteen months, by month; and the first day with anything in it, ever."""

    began: date
    costs: Mapping[date, Costs]
    cases: Mapping[date, Cases]
    use: Mapping[date, BudgetUse]

    def month(self, month: date) -> Sums:
        """The sums of a month; one without rows had nothing in it."""
        return Sums(
            self.costs.get(month, Costs()),
            self.cases.get(month, Cases()),
            self.use.get(month, BudgetUse()),
        )

    def known(self, month: date, division: Division) -> Known | None:
        """What is known of an earlier month; None if the division was not there for all of it."""
        if self.began > first_working_day(month):
            return None
        return Known.of_sums(self.month(month), division)


def reckon(division: Division, month: date, *, at: datetime) -> Told:
    """Reckon the report of a month that has ended, from the rollups as they are at this moment."""
    today = at.astimezone(ZoneInfo(division.time_zone)).date()
    period = Period(month, last_of(month))
    before, last_year = period.before.first, period.year_before.first
    year = _year_of(division, period, today)
    now, baseline = year.month(month), Baseline.objects.filter(division=division).first()
    parts = _parts(division, period, today)
    refused = refused_by(figures.gaps(_scope(division, period)))
    known, known_before = Known.of_sums(now, division), year.known(before, division)
    others = {
        period.before_in_words: known_before,
        period.year_before_in_words: year.known(last_year, division),
        "before Leeway": Known.of_baseline(baseline, division) if baseline else None,
    }
    return Told(
        division=division.name,
        currency=division.currency,
        month=month,
        sentences=sentences(
            Month(
                named=f"{month:%B}",
                before_in_words=period.before_in_words,
                currency=division.currency,
                now=known,
                before=known_before,
                parts=list(chain.from_iterable(parts.values())),
                stopped=_named([each for each in refused if each.series or each.bound]),
            )
        ),
        lines=lines(
            Headline(
                division=division,
                period=period,
                today=today,
                now=now,
                before=year.month(before),
                year_before=year.month(last_year),
            ),
            known,
            [Then(when, was) for when, was in others.items() if was is not None],
        ),
        baseline=baseline.period if baseline else "",
        months=tuple(period.year_to_its_end),
        costs=year.costs,
        cases=year.cases,
        use=now.use,
        gaps=_named(refused),
        remedies=tuple(
            NamedRemedy(part.name, part.costs, part.cases)
            for part in parts[By.REMEDY]
            if part.costs != Costs() or part.cases != Cases()
        ),
        lessons=lessons_of(division, month),
    )


def _scope(division: Division, period: Period) -> Scope:
    return Scope(division=division, first=period.first, last=period.last)


def _year_of(division: Division, period: Period, today: date) -> _Year:
    scope = _scope(division, Period(period.year_to_its_end[0], period.last))
    rows = (DailyCosts.objects, DailyCases.objects)
    first = [of.filter(division=division).aggregate(day=Min("day"))["day"] for of in rows]
    return _Year(
        min((day for day in first if day is not None), default=date.max),
        _by_month(figures.costs_by(scope, By.MONTH)),
        _by_month(figures.cases_by(scope, By.MONTH, today=today)),
        figures.budget_use_by_month(scope),
    )


def _by_month(found: Mapping[Key, S]) -> dict[date, S]:
    return {key: sums for key, sums in found.items() if isinstance(key, date)}


def _parts(division: Division, period: Period, today: date) -> dict[By, list[Part]]:
    """Each team, remedy and reason code of this month and the one before, in alphabetical order."""
    names = names_of(division)
    now, before = _scope(division, period), _scope(division, period.before)
    return {by: list(_parts_by(by, now, before, names, today)) for by in _WHERE}


def _parts_by(by: By, now: Scope, before: Scope, names: Names, today: date) -> Iterator[Part]:
    costs, costs_before = figures.costs_by(now, by), figures.costs_by(before, by)
    cases = figures.cases_by(now, by, today=today)
    cases_before = figures.cases_by(before, by, today=today)
    for key, name in names[by].items():
        if key in {*costs, *costs_before, *cases, *cases_before}:
            yield Part(
                by=by,
                name=name,
                costs=costs.get(key, Costs()),
                costs_before=costs_before.get(key, Costs()),
                cases=cases.get(key, Cases()),
                cases_before=cases_before.get(key, Cases()),
            )


def _named(refused: Sequence[Refused]) -> tuple[NamedGaps, ...]:
    """What could not be done, by the title of the rule or the kind of limit; those most often."""
    named = [NamedGaps(each.name, each.gaps, each.cost) for each in refused]
    return tuple(sorted(named, key=lambda each: (-each.gaps, each.name)))
