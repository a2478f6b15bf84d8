"""All that the page of reports tells of one division: its headline, its charts and its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from reports import figures
from reports.charts.by_month import cost_by_month, satisfaction_by_month
from reports.charts.chart import Chart
from reports.charts.ranked import NamedGaps, NamedRemedy, gaps_by_rule, remedies_by_cost
from reports.charts.table import Table
from reports.charts.use_of_budgets import use_of_budgets
from reports.figures import By, Scope
from reports.measured.breakdown import Grouped, Way, grouped, table_of
from reports.measured.headline import Headline, sums_of
from reports.measured.names import Names, Refused, name_of, refused_by
from reports.measured.period import Period
from reports.measures import Cases, Costs


@dataclass(frozen=True, slots=True)
class Ways:
    """From a figure to what it counts: of a row of a table, and of what was refused."""

    of_row: Way
    of_refused: Callable[[Refused], str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a division."""

    headline: Headline
    charts: Sequence[Chart]
    table: Table

    @property
    def every_table(self) -> Sequence[Table]:
        """Those behind the charts, too."""
        return [*(chart.table for chart in self.charts), self.table]


def measured(scope: Scope, by: By, names: Names, ways: Ways, *, today: date) -> Measured:
    """Measure a division's days, as far as they are narrowed; `by` is what the table tells of."""
    period = Period(scope.first, scope.last)
    now = sums_of(scope, today=today)
    headline = Headline(
        division=scope.division,
        period=period,
        today=today,
        now=now,
        before=sums_of(_in(scope, period.before), today=today),
        year_before=sums_of(_in(scope, period.year_before), today=today),
        of_few=not scope.may_be_one_person,
    )
    remedies = grouped(scope, By.REMEDY, names, today=today)
    sums = remedies if by == By.REMEDY else grouped(scope, by, names, today=today)
    currency = scope.division.currency
    return Measured(
        headline,
        [
            *_by_month(scope, period, today),
            _refused(scope, ways),
            use_of_budgets(now.use),
            _remedies(remedies, names, currency),
        ],
        table_of(sums, names, currency=currency, way=ways.of_row),
    )


def _by_month(scope: Scope, period: Period, today: date) -> tuple[Chart, Chart]:
    months = period.year_to_its_end
    year = replace(scope, first=months[0])
    costs = cast("dict[date, Costs]", figures.costs_by(year, By.MONTH))
    cases = cast("dict[date, Cases]", figures.cases_by(year, By.MONTH, today=today))
    return (
        cost_by_month(costs, months, scope.division.currency),
        satisfaction_by_month(cases, months, of_few=not scope.may_be_one_person),
    )


def _refused(scope: Scope, ways: Ways) -> Chart:
    refused = refused_by(figures.gaps(scope))
    named = [NamedGaps(each.name, each.gaps, each.cost, ways.of_refused(each)) for each in refused]
    return gaps_by_rule(named, scope.division.currency)


def _remedies(sums: Grouped, names: Names, currency: str) -> Chart:
    named = [
        NamedRemedy(name_of(names, By.REMEDY, key), costs, sums.cases.get(key, Cases()))
        for key, costs in sums.costs.items()
    ]
    return remedies_by_cost(named, currency, of_few=sums.of_few)


def _in(scope: Scope, period: Period) -> Scope:
    return replace(scope, first=period.first, last=period.last)
