"""The same figures by team, tier, remedy, reason and channel, as tables.

What must stay true: names stand in alphabetical order, whatever their figures: nobody is ranked.
A team or a tier may be one person: of fewer than five cases or answers no share or score is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from reports import figures, measures
from reports.charts.table import (
    SCORE_HEADINGS,
    Cell,
    Table,
    amount_cell,
    count_cell,
    few_cell,
    score_cells,
    share_cell,
)
from reports.figures import By, Key, Scope
from reports.measured.names import Names, name_of
from reports.measures import Cases, Costs

BREAKDOWNS = {  # by what the figures are told, and what it is called
    By.TEAM: "Team",
    By.TIER: "Tier",
    By.REMEDY: "Remedy",
    By.REASON: "What went wrong",
    By.CHANNEL: "Channel",
}
_MAY_BE_ONE_PERSON = (By.TEAM, By.TIER)
Summed = TypeVar("Summed", Costs, Cases)
Way = Callable[[str, Key], str]  # to what a figure of a row counts; "" where there is none


@dataclass(frozen=True, slots=True)
class Grouped:
    """What was counted of each team, tier and so on."""

    by: By
    costs: Mapping[Key, Costs]
    cases: Mapping[Key, Cases]
    of_few: bool  # whether shares and scores are told of few cases and answers


def grouped(scope: Scope, by: By, names: Names, *, today: date) -> Grouped:
    """What was counted; what has no name here any more counts as without one. Two queries."""
    of_few = by not in _MAY_BE_ONE_PERSON and not scope.may_be_one_person
    costs, cases = figures.costs_by(scope, by), figures.cases_by(scope, by, today=today)
    return Grouped(by, _named(costs, names[by]), _named(cases, names[by]), of_few)


def _named(sums: Mapping[Key, Summed], names: Mapping[Key, str]) -> dict[Key, Summed]:
    found: dict[Key, Summed] = {}
    for number, each in sums.items():
        key = number if number in names else None
        found[key] = found[key] + each if key in found else each
    return found


def key_of(by: By) -> str:
    """What its table is called in addresses."""
    return f"by-{by.value.replace('_', '-')}"


def table_of(sums: Grouped, names: Names, *, currency: str, way: Way) -> Table:
    """The figures of each that has any, in alphabetical order."""
    places = {key: place for place, key in enumerate(names[sums.by])}
    keys = sorted({*sums.costs, *sums.cases}, key=lambda key: places.get(key, len(places)))
    each = "Cost each time" if sums.by == By.REMEDY else "Cost per case"
    first = BREAKDOWNS[sums.by]
    return Table(
        key_of(sums.by),
        f"By {first[0].lower()}{first[1:]}",
        (first, "Cost", each, "Cases", "First contact", "Handed over", *SCORE_HEADINGS),
        [
            (
                Cell(name_of(names, sums.by, key)),
                *_costs(sums, key, currency, way),
                *_cases(sums, key, way),
            )
            for key in keys
        ],
    )


def _costs(sums: Grouped, key: Key, currency: str, way: Way) -> tuple[Cell, Cell]:
    costs, cases = sums.costs.get(key, Costs()), sums.cases.get(key, Cases())
    if sums.by == By.REMEDY:
        each = measures.cost_per_remedy(costs, currency)
    else:
        each = measures.cost_per_case(costs, cases, currency)
    return (
        amount_cell(measures.cost(costs), currency, way("cost", key)),
        amount_cell(each, currency),
    )


def _cases(sums: Grouped, key: Key, way: Way) -> tuple[Cell, ...]:
    cases = sums.cases.get(key, Cases())
    return (
        count_cell(cases.cases, way("cases", key)),
        _share(measures.first_contact_resolution, sums, cases),
        _share(measures.escalation_rate, sums, cases, way("handed-over", key)),
        *score_cells(cases, way("satisfaction", key), of_few=sums.of_few),
    )


def _share(
    measure: Callable[..., Decimal | None], sums: Grouped, cases: Cases, where: str = ""
) -> Cell:
    if measures.too_few(measure, cases, of_few=sums.of_few):
        return few_cell()
    return share_cell(measure(cases), where)
