"""What a division's month cost and brought, reckoned from the rollups; see `told.py`.

So many queries as there are kinds of sums, however much happened in the month.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Min

from budgets.days import last_of, month_before
from employees.models import Division, Team
from policies.models import Policy, ReasonCode, Remedy
from reports import figures
from reports.charts.ranked import NamedGaps, NamedRemedy
from reports.figures import By, Key, Scope
from reports.measures import BudgetUse, Cases, Costs, watched_until
from reports.models import Baseline, DailyCases, DailyCosts
from reports.monthly.due import first_working_day
from reports.monthly.headline import Headline
from reports.monthly.lessons import lessons_of
from reports.monthly.lines import Then, lines
from reports.monthly.sentences import Month, Part, month_words, sentences
from reports.monthly.told import Told

S = TypeVar("S")

_MONTHS = 13  # so that the same month of the year before is among them
_NAMED_BY: dict[By, type[Any]] = {By.TEAM: Team, By.REMEDY: Remedy, By.REASON: ReasonCode}
_BOUNDS = {
    "tier": "The limit for one case",
    "budget": "What was left of the month",
    "remedy": "The most that one case can have",
}
_OTHERWISE = "Something else"


@dataclass(frozen=True, slots=True)
class _Sums:
    """The sums of the thirteen months, by month; and the first day with anything in it, ever."""

    began: date
    costs: Mapping[date, Costs]
    cases: Mapping[date, Cases]
    use: Mapping[date, BudgetUse]

    def headline(self, month: date, division: Division) -> Headline:
        """The headline of a month; one without rows had nothing in it."""
        return Headline.of_month(
            self.costs.get(month, Costs()),
            self.cases.get(month, Cases()),
            self.use.get(month, BudgetUse()),
            division=division,
        )

    def before(self, month: date, division: Division) -> Headline | None:
        """The headline of an earlier month; None of one that the division was not there all of."""
        there = self.began <= first_working_day(month)
        return self.headline(month, division) if there else None


def reckon(division: Division, month: date, *, at: datetime) -> Told:
    """Reckon the report of a month that has ended, from the rollups as they are at this moment."""
    today = at.astimezone(ZoneInfo(division.time_zone)).date()
    months = _until(month)
    sums = _sums_of(division, months, today)
    now = sums.headline(month, division)
    before, last_year = month_before(month), months[0]
    baseline = Baseline.objects.filter(division=division).first()
    gaps = _gaps_of(_scope(division, month))
    parts = {by: list(_parts(division, by, month, today)) for by in _NAMED_BY}
    return Told(
        division=division.name,
        currency=division.currency,
        month=month,
        sentences=sentences(
            Month(
                month=month,
                before_month=before,
                currency=division.currency,
                now=now,
                before=sums.before(before, division),
                parts=list(chain.from_iterable(parts.values())),
                gaps=gaps,
            )
        ),
        lines=lines(
            now,
            list(_others(division, sums, (before, last_year), month, baseline)),
            currency=division.currency,
            watched_until=min(watched_until(today), last_of(month)),
        ),
        baseline=baseline.period if baseline else "",
        months=months,
        costs=sums.costs,
        cases=sums.cases,
        use=sums.use.get(month, BudgetUse()),
        gaps=gaps,
        remedies=tuple(
            NamedRemedy(part.name, part.costs, part.cases)
            for part in parts[By.REMEDY]
            if part.costs != Costs() or part.cases != Cases()
        ),
        lessons=lessons_of(division, month),
    )


def _until(month: date) -> tuple[date, ...]:
    """The thirteen months that end with this one."""
    months = [month]
    while len(months) < _MONTHS:
        months.append(month_before(months[-1]))
    return tuple(reversed(months))


def _scope(division: Division, month: date, *, since: date | None = None) -> Scope:
    return Scope(division=division, first=since or month, last=last_of(month))


def _sums_of(division: Division, months: Sequence[date], today: date) -> _Sums:
    scope = _scope(division, months[-1], since=months[0])
    rows = (DailyCosts.objects, DailyCases.objects)
    first = [of.filter(division=division).aggregate(day=Min("day"))["day"] for of in rows]
    return _Sums(
        min((day for day in first if day is not None), default=date.max),
        _of_months(figures.costs_by(scope, By.MONTH)),
        _of_months(figures.cases_by(scope, By.MONTH, today=today)),
        figures.budget_use_by_month(scope),
    )


def _of_months(found: Mapping[Key, S]) -> dict[date, S]:
    return {key: sums for key, sums in found.items() if isinstance(key, date)}


def _others(
    division: Division,
    sums: _Sums,
    months: Sequence[date],
    now: date,
    baseline: Baseline | None,
) -> Iterator[Then]:
    """What the month is compared with, as far as it is known; the baseline last."""
    for month in months:
        was = sums.before(month, division)
        if was is not None:
            yield Then(f"in {month_words(month, seen_from=now)}", was)
    if baseline is not None:
        yield Then("before Leeway", Headline.of_baseline(baseline))


def _parts(division: Division, by: By, month: date, today: date) -> Iterator[Part]:
    """Each team, remedy or reason code of this month and the one before, by name."""
    now, then = _scope(division, month), _scope(division, month_before(month))
    costs, costs_before = figures.costs_by(now, by), figures.costs_by(then, by)
    cases = figures.cases_by(now, by, today=today)
    cases_before = figures.cases_by(then, by, today=today)
    numbers = {*costs, *costs_before, *cases, *cases_before}
    named = _NAMED_BY[by].objects.filter(pk__in=[n for n in numbers if n is not None])
    for number, name in named.order_by("name", "pk").values_list("pk", "name"):
        yield Part(
            by=by,
            name=name,
            costs=costs.get(number, Costs()),
            costs_before=costs_before.get(number, Costs()),
            cases=cases.get(number, Cases()),
            cases_before=cases_before.get(number, Cases()),
        )


def _gaps_of(scope: Scope) -> tuple[NamedGaps, ...]:
    """What could not be done, by the title of the rule or the kind of limit; those most often."""
    found = figures.gaps(scope)
    rules = {gap.policy for gap in found if gap.policy is not None}
    titles = dict(Policy.objects.filter(pk__in=rules).values_list("pk", "title"))
    counted: dict[str, NamedGaps] = {}
    for gap in found:  # each version of a rule is a row, and to who reads it they are one
        name = titles.get(gap.policy or 0) or _BOUNDS.get(gap.bound, _OTHERWISE)
        so_far = counted.get(name, NamedGaps(name, 0, Decimal(0)))
        counted[name] = NamedGaps(name, so_far.gaps + gap.gaps, so_far.cost + gap.cost)
    return tuple(sorted(counted.values(), key=lambda each: (-each.gaps, each.name)))
