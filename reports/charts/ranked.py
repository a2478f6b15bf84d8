"""What stopped people most often, and which remedies cost most: rules and things, never people.

Amounts are in one division's currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from employees.money import format_money
from reports.charts.chart import NOTHING, Chart, Mark, Shape
from reports.charts.scale import Scale
from reports.charts.table import (
    SCORE_HEADINGS,
    Cell,
    Table,
    amount_cell,
    count_cell,
    score_cells,
)
from reports.measure_words import TOO_FEW, answered_words, score_words, times_words
from reports.measures import Cases, Costs, answers, cost, satisfaction, total

MOST_BARS = 8
_Named = TypeVar("_Named", "NamedGaps", "NamedRemedy")


@dataclass(frozen=True, slots=True)
class NamedGaps:
    """What could not be done because of one rule or limit: how often, and what it would cost.

    `where` leads to them, on a page.
    """

    name: str
    gaps: int
    cost: Decimal
    where: str = ""


@dataclass(frozen=True, slots=True)
class NamedRemedy:
    """A remedy, what it cost, and the cases in which it was given."""

    name: str
    costs: Costs
    cases: Cases


def gaps_by_rule(gaps: Sequence[NamedGaps], currency: str) -> Chart:
    """What could not be done, by the rule or limit that stopped it."""
    title = "What could not be done, by what stopped it"
    ordered = sorted(gaps, key=lambda each: (-each.gaps, each.name))
    shown, rest = _shown_and_rest(ordered)
    if rest:
        costs = total([each.cost for each in rest])
        shown = [*shown, NamedGaps(_others(rest), sum(each.gaps for each in rest), costs)]
    return Chart(
        key="gaps-by-rule",
        title=title,
        says=_most_often(ordered),
        shape=Shape.BARS,
        marks=[
            Mark(
                label=each.name,
                value=Decimal(each.gaps),
                said=f"{each.name}: {times_words(each.gaps)}",
                written=f"{each.gaps:,}",
                # What was only said in words has no price.
                aside=f"{format_money(each.cost, currency)}, had it been given"
                if each.cost
                else "",
            )
            for each in shown
        ],
        scale=_from_zero([Decimal(each.gaps) for each in shown]),
        table=Table(
            "gaps-by-rule",
            title,
            ("What stopped it", "Times", "Had it been given"),
            [
                (
                    Cell(each.name),
                    count_cell(each.gaps, each.where),
                    amount_cell(each.cost, currency),
                )
                for each in ordered
            ],
        ),
    )


def _had_it_been_given(cost: Decimal, currency: str) -> str:
    """What it would have cost; what was only said in words has no price."""
    return f"{format_money(cost, currency)}, had it been given" if cost else ""


def remedies_by_cost(
    remedies: Sequence[NamedRemedy], currency: str, *, of_few: bool = True
) -> Chart:
    """What each remedy cost, and what customers said of the cases in which it was given.

    What they said is not told `of_few` answers where it may be of one person.
    """
    title = "Remedies by cost, with their satisfaction"
    ordered = sorted(remedies, key=lambda each: (-cost(each.costs), each.name))
    shown, rest = _shown_and_rest(ordered)
    marks = [_remedy_mark(each, currency, of_few=of_few) for each in shown]
    if rest:
        # A case with several remedies is in each of them: costs add up, answers do not.
        marks.append(_mark(_others(rest), total([cost(each.costs) for each in rest]), currency))
    return Chart(
        key="remedies-by-cost",
        title=title,
        says=_costliest(ordered, currency, of_few=of_few),
        shape=Shape.BARS,
        marks=marks,
        scale=_from_zero([mark.value or Decimal(0) for mark in marks]),
        table=Table(
            "remedies-by-cost",
            title,
            ("Remedy", "Cost", "Given", *SCORE_HEADINGS),
            [
                (
                    Cell(each.name),
                    amount_cell(cost(each.costs), currency),
                    count_cell(each.costs.given),
                    *score_cells(each.cases, of_few=of_few),
                )
                for each in ordered
            ],
        ),
    )


def _remedy_mark(each: NamedRemedy, currency: str, *, of_few: bool) -> Mark:
    said = satisfaction(each.cases, of_few=of_few)
    scored = f"{score_words(said)}, " if said else ""
    aside = f"{scored}{answered_words(said, each.cases.asked)}"
    if answers(each.cases) and said is None:
        aside = f"{TOO_FEW} answered"
    return _mark(each.name, cost(each.costs), currency, aside=aside)


def _mark(name: str, amount: Decimal, currency: str, *, aside: str = "") -> Mark:
    written = format_money(amount, currency)
    return Mark(label=name, value=amount, said=f"{name}: {written}", written=written, aside=aside)


def _shown_and_rest(ordered: list[_Named]) -> tuple[list[_Named], list[_Named]]:
    """Those with a bar of their own, and the others; one alone is never “others”."""
    if len(ordered) <= MOST_BARS + 1:
        return ordered, []
    return ordered[:MOST_BARS], ordered[MOST_BARS:]


def _others(rest: Sequence[_Named]) -> str:
    return f"{len(rest)} others"


def _from_zero(values: Sequence[Decimal]) -> Scale:
    """A scale without lines, as each bar has its figure beside it."""
    return Scale(Decimal(0), max([*values, Decimal(0)]) or Decimal(1), ())


def _most_often(ordered: Sequence[NamedGaps]) -> str:
    if not ordered:
        return NOTHING
    count, first = sum(each.gaps for each in ordered), ordered[0]
    if len(ordered) == 1:
        return f"{times_words(count).capitalize()}, because of “{first.name}”."
    return (
        f"{times_words(count).capitalize()} in all; most often, {times_words(first.gaps)}, because "
        f"of “{first.name}”."
    )


def _costliest(ordered: Sequence[NamedRemedy], currency: str, *, of_few: bool) -> str:
    if not ordered:
        return NOTHING
    first = _remedy_mark(ordered[0], currency, of_few=of_few)
    return f"“{first.label}” cost most: {first.written} ({first.aside})."
