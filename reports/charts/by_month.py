"""Cost and satisfaction month by month: where they come from, and where they go.

A month before the first figure is a gap, and so is a score where nobody answered, or too few to
tell. Amounts are in one division's currency.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from employees.money import format_money, format_round, places
from reports.charts.chart import NOTHING, Chart, Mark, Shape
from reports.charts.scale import Scale, scale_of
from reports.charts.table import SCORE_HEADINGS, Table, amount_cell, month_cell, score_cells
from reports.measure_words import UNKNOWN, answered_words, score_words, tenths
from reports.measures import SCORES, Cases, Costs, cost, satisfaction

_ROOM_FOR = 3  # names of months below an axis


def cost_by_month(costs: Mapping[date, Costs], months: Sequence[date], currency: str) -> Chart:
    """What it cost in each of these months, which follow each other."""
    title = "Cost by month"
    begun = min(costs, default=None)
    amounts = [
        cost(costs.get(month, Costs())) if begun and month >= begun else None for month in months
    ]

    def words(amount: Decimal | None) -> str:
        return UNKNOWN if amount is None else format_money(amount, currency)

    return Chart(
        key="cost-by-month",
        title=title,
        says=_course(months, amounts, [words(amount) for amount in amounts]),
        shape=Shape.COLUMNS,
        marks=list(_marks(months, amounts, words)),
        scale=scale_of(
            amounts,
            lambda amount: format_round(amount, currency),
            smallest_step=Decimal(1).scaleb(-places(currency)),
        ),
        table=Table(
            "cost-by-month",
            title,
            ("Month", "Cost"),
            [
                (month_cell(month), amount_cell(amount, currency))
                for month, amount in zip(months, amounts, strict=True)
            ],
        ),
    )


def satisfaction_by_month(
    cases: Mapping[date, Cases], months: Sequence[date], *, of_few: bool = True
) -> Chart:
    """The average score of each of these months, which follow each other.

    Where it is not told `of_few` answers, there is a gap.
    """
    title = "Satisfaction by month"
    found = [cases.get(month, Cases()) for month in months]
    said = [satisfaction(each, of_few=of_few) for each in found]
    words = [
        f"{score_words(score)} ({answered_words(score, each.asked)})" if score else UNKNOWN
        for score, each in zip(said, found, strict=True)
    ]
    scores = [score.score if score else None for score in said]
    return Chart(
        key="satisfaction-by-month",
        title=title,
        says=_course(months, scores, words),
        shape=Shape.LINE,
        marks=list(_marks(months, scores, tenths, words)),
        scale=Scale(
            Decimal(SCORES[0]),
            Decimal(SCORES[-1]),
            [(Decimal(score), str(score)) for score in SCORES],
        ),
        table=Table(
            "satisfaction-by-month",
            title,
            ("Month", *SCORE_HEADINGS),
            [
                (month_cell(month), *score_cells(each, of_few=of_few))
                for month, each in zip(months, found, strict=True)
            ],
        ),
    )


def _marks(
    months: Sequence[date],
    values: Sequence[Decimal | None],
    written: Callable[[Decimal], str],
    said: Sequence[str] = (),
) -> Iterator[Mark]:
    """A mark for each month; the last one that is known has its figure written on it."""
    last = max((n for n, value in enumerate(values) if value is not None), default=None)
    one_in = -(-len(months) // _ROOM_FOR) or 1
    for number, (month, value) in enumerate(zip(months, values, strict=True)):
        figure = "" if value is None else written(value)
        named = (len(months) - 1 - number) % one_in == 0
        yield Mark(
            label=f"{month:%b %Y}" if named else "",
            value=value,
            said=f"{month:%B %Y}: {said[number] if said else figure}",
            written=figure if number == last else "",
        )


def _course(months: Sequence[date], values: Sequence[Decimal | None], words: Sequence[str]) -> str:
    """How it went, in a sentence: the last month, and between what it lay before."""
    known = [
        (value, f"{said} in {month:%B %Y}")
        for month, value, said in zip(months, values, words, strict=True)
        if value is not None
    ]
    if not known:
        return NOTHING
    *before, (_, last) = known
    if not before:
        return f"{last}; nothing is known of the months before."
    least, least_words = min(before, key=lambda each: each[0])
    most, most_words = max(before, key=lambda each: each[0])
    if least == most:
        return f"{last}; before that {before[-1][1]}."
    return f"{last}; before that between {least_words} and {most_words}."
