"""A line for each division, for who sees several: each in its own currency, and never added up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from employees.counts import counted
from employees.models import Division
from employees.money import format_money
from reports import figures, measures
from reports.figures import Scope
from reports.measure_words import (
    amount_change,
    answered_words,
    score_words,
    share_words,
)
from reports.measured.period import Period
from reports.measures import Cases, Costs


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """A division at a glance."""

    division: Division
    period: Period
    cost: str
    change: str
    put_right: str
    score: str
    answered: str
    first_contact: str


def lines_of(scopes: Sequence[Scope], *, todays: Sequence[date]) -> list[DivisionLine]:
    """The line of each, as of what is today there. Three queries, however many there are."""
    costs = figures.costs_of_each(scopes)
    earlier = figures.costs_of_each([_before(scope) for scope in scopes])
    cases = figures.cases_of_each(scopes, todays=todays)
    return [
        _line(
            scope,
            costs.get(scope.division.pk, Costs()),
            earlier.get(scope.division.pk, Costs()),
            cases.get(scope.division.pk, Cases()),
        )
        for scope in scopes
    ]


def _line(scope: Scope, costs: Costs, earlier: Costs, cases: Cases) -> DivisionLine:
    said = measures.satisfaction(cases)
    period = Period(scope.first, scope.last)
    return DivisionLine(
        division=scope.division,
        period=period,
        cost=format_money(measures.cost(costs), scope.division.currency),
        change=amount_change(measures.cost(costs), measures.cost(earlier), period.before_in_words),
        put_right=counted(cases.put_right, "case"),
        score=score_words(said),
        answered=answered_words(said, cases.asked),
        first_contact=share_words(measures.first_contact_resolution(cases)),
    )


def _before(scope: Scope) -> Scope:
    before = Period(scope.first, scope.last).before
    return replace(scope, first=before.first, last=before.last)
