"""Figures are read from the rollups: one query each, for any filter and period."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from budgets import months
from employees.models import Employee
from reports import figures
from reports.figures import By, GapCount, Scope
from reports.measures import BudgetUse, Cases, Costs
from reports.models import DailyCases, DailyCosts, DailyGaps
from tests.cast import Cast
from tests.closing import gave
from tests.queries import assert_queries

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
TODAY = date(2026, 11, 27)


def scope(company: Cast, first: date = OCTOBER, last: date = TODAY, **narrower: Any) -> Scope:
    return Scope(division=company.division, first=first, last=last, **narrower)


@pytest.fixture
def brooklyn(forno: Cast) -> int:
    return forno.teams["Brooklyn"].pk


@pytest.fixture
def costs(forno: Cast, brooklyn: int) -> None:
    """Two days of money off in two months, one by Brooklyn at the door."""
    same = {"division": forno.division, "remedy": forno.remedies["money-off"]}
    DailyCosts.objects.create(
        **same, day=date(2026, 10, 31), given=2, spent=Decimal("5.25"), channel="phone"
    )
    DailyCosts.objects.create(
        **same, day=date(2026, 11, 2), given=1, spent=Decimal("0.10"), team_id=brooklyn
    )


@pytest.mark.usefixtures("costs")
def test_sums_are_narrowed_and_grouped_in_one_query(
    forno: Cast, orchard: Cast, brooklyn: int
) -> None:
    october = Costs(given=2, spent=Decimal("5.25"))
    november = Costs(given=1, spent=Decimal("0.10"))

    with assert_queries(["select reports_dailycosts"]):
        assert figures.costs(scope(forno)) == october + november
    with assert_queries(["select reports_dailycosts"]):
        by_month = figures.costs_by(scope(forno), By.MONTH)
    assert by_month == {OCTOBER: october, NOVEMBER: november}
    assert figures.costs_by(scope(forno), By.TEAM) == {None: october, brooklyn: november}
    assert figures.costs_by(scope(forno), By.CHANNEL) == {None: november, "phone": october}
    assert figures.costs(scope(forno, team=brooklyn)) == november
    assert figures.costs(scope(forno, channel="phone")) == october
    assert figures.costs(scope(forno, last=date(2026, 10, 31))) == october
    assert figures.costs(scope(orchard)) == Costs()
    assert figures.costs_by(scope(orchard), By.REMEDY) == {}


def test_a_case_of_two_remedies_is_counted_once_unless_asked_by_remedy(forno: Cast) -> None:
    money, pizza = forno.remedies["money-off"].pk, forno.remedies["free-pizza"].pk
    for remedy in (None, money, pizza):
        DailyCases.objects.create(
            division=forno.division,
            day=NOVEMBER,
            remedy_id=remedy,
            cases=1,
            put_right=1,
            asked=1,
            score_4=1,
        )
    one = Cases(cases=1, put_right=1, asked=1, score_4=1)

    with assert_queries(["select reports_dailycases"]):
        assert figures.cases(scope(forno), today=TODAY) == one
    with assert_queries(["select reports_dailycases"]):
        by_remedy = figures.cases_by(scope(forno), By.REMEDY, today=TODAY)
    assert by_remedy == {money: one, pizza: one}
    assert figures.cases_by(scope(forno), By.MONTH, today=TODAY) == {NOVEMBER: one}
    assert figures.cases(scope(forno, remedy=pizza), today=TODAY) == one


def test_a_case_is_watched_until_its_window_is_over(forno: Cast) -> None:
    for day in (18, 19, 20):
        DailyCases.objects.create(
            division=forno.division, day=NOVEMBER.replace(day=day), with_customer=3, came_again=1
        )

    assert figures.cases(scope(forno), today=TODAY) == Cases(watched=6, came_again=2)
    assert figures.cases(scope(forno), today=NOVEMBER) == Cases()


def used(employee: Employee, *amounts: str, month: int = 11) -> None:
    at = datetime(2026, month, 12, 15, tzinfo=UTC)
    months.open_month(employee, at=at)
    for amount in amounts:
        gave(employee, amount, at)


def test_months_are_in_bins_by_how_much_of_them_was_used(scm: Cast) -> None:
    """A rep has 200.00 a month, and may go 25 % over it."""
    sydney, perth = scm.teams["Sydney"].pk, scm.teams["Perth"].pk
    used(scm.agent, "50.00")
    used(scm.colleague, "149.00", "100.00")
    used(scm.people["scm.rep3"])
    used(scm.people["scm.rep3"], "150.00", "50.00", month=10)

    with assert_queries(["select budgets_budget"]):
        november = figures.budget_use(scope(scm, NOVEMBER))
    assert november == BudgetUse(
        months=3, over=1, allotted=Decimal(600), spent=Decimal(299), none=1, to_25=1, beyond=1
    )
    assert november.bins == (1, 1, 0, 0, 0, 1)
    in_perth = BudgetUse(months=1, allotted=Decimal(200), none=1)
    assert figures.budget_use(scope(scm, TODAY, TODAY, team=perth)) == in_perth
    full = BudgetUse(months=1, allotted=Decimal(200), spent=Decimal(200), to_100=1)
    with assert_queries(["select budgets_budget"]):
        by_month = figures.budget_use_by_month(scope(scm))
    assert by_month == {OCTOBER: full, NOVEMBER: november}
    assert figures.budget_use(scope(scm, last=OCTOBER, team=sydney)) == BudgetUse()


def test_gaps_are_counted_by_what_refused_the_most_frequent_first(forno: Cast) -> None:
    rule = forno.rule(value="5.00").pk
    for day, policy, bound, count in ((1, None, "tier", 2), (2, rule, "", 3), (3, None, "tier", 2)):
        DailyGaps.objects.create(
            division=forno.division,
            day=NOVEMBER.replace(day=day),
            policy_id=policy,
            bound=bound,
            gaps=count,
            cost=Decimal("1.50"),
        )

    with assert_queries(["select reports_dailygaps"]):
        found = figures.gaps(scope(forno))
    assert found == [
        GapCount(None, "tier", 4, Decimal("3.00")),
        GapCount(rule, "", 3, Decimal("1.50")),
    ]
