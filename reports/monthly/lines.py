"""The headline in lines, as the page of reports tells it, and beside it how it was at other times.

What must stay true: nothing is read from fewer than `measures.SMALLEST_SHOWN`; what is not known of
another time is not compared with.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from employees.money import format_money
from reports import measures
from reports.measure_words import (
    UNKNOWN,
    amount_change,
    score_change,
    score_words,
    share_change,
    share_words,
    time_change,
    time_words,
)
from reports.measured.headline import Headline
from reports.monthly.known import Known
from reports.monthly.told import Line

TOO_FEW = "too few to compare"


@dataclass(frozen=True, slots=True)
class Then:
    """Another time: when that was ("in September"), and what is known of it."""

    when: str
    was: Known


@dataclass(frozen=True, slots=True)
class _Compared:
    """How a measure is compared; `rests_on` says of how many cases, answers or months it is."""

    figure: Callable[[Known], Any]
    rests_on: Callable[[Known], int | None]
    value: Callable[[Any], str]
    change: Callable[[Any, Any, str], str]

    def lines(self, now: Known, others: Sequence[Then]) -> Iterator[str]:
        """Such as "12 % less than in September ($1,200.00)"; nothing where now is not known."""
        for then in others:
            figure = self.figure(then.was)
            if figure is None or self.figure(now) is None:
                continue
            value = self.value(figure)
            if not enough(self.rests_on(now), self.rests_on(then.was)):
                yield f"{value} {then.when}: {TOO_FEW}"
            elif change := self.change(self.figure(now), figure, then.when):
                yield f"{change} ({value})"
            else:
                yield f"{value} {then.when}"


def lines(headline: Headline, now: Known, others: Sequence[Then]) -> tuple[Line, ...]:
    """Tell the figures of the headline that reports compare, in its order, and what a case cost."""
    currency = headline.division.currency
    compared = _compared(currency)
    told = [
        Line(
            figure.name,
            figure.says,
            " · ".join(figure.beside),
            tuple(compared[figure.key].lines(now, others)),
        )
        for figure in headline.figures
        if figure.key in compared
    ]
    per_case = _Compared(
        lambda known: known.cost_per_case,
        lambda known: known.put_right,
        lambda amount: format_money(amount, currency),
        amount_change,
    )
    case = Line(
        "Cost per case",
        UNKNOWN if now.cost_per_case is None else per_case.value(now.cost_per_case),
        "of those put right",
        tuple(per_case.lines(now, others)),
    )
    return (*told[:1], case, *told[1:])


def enough(*counts: int | None) -> bool:
    """Whether all of these are enough to compare; None is an average of many."""
    return all(count is None or measures.shown_of_a_person(count) for count in counts)


def _compared(currency: str) -> dict[str, _Compared]:
    """How each figure of the headline is compared, by its key."""
    return {
        "cost": _Compared(
            lambda known: known.cost,
            lambda known: known.given,
            lambda amount: format_money(amount, currency),
            amount_change,
        ),
        "satisfaction": _Compared(
            lambda known: known.satisfaction,
            lambda known: known.answers,
            score_words,
            score_change,
        ),
        "first-contact": _share(lambda known: known.first_contact, lambda known: known.watched),
        "approvals": _Compared(
            lambda known: known.approvals,
            lambda known: known.put_right,
            lambda count: f"{count:,}",
            amount_change,
        ),
        "over-budget": _share(lambda known: known.over_budget, lambda known: known.months),
        "handed-over": _share(lambda known: known.handed_over, lambda known: known.ended),
        "time": _Compared(
            lambda known: known.time, lambda known: known.put_right, time_words, time_change
        ),
    }


def _share(
    figure: Callable[[Known], Decimal | None], rests_on: Callable[[Known], int | None]
) -> _Compared:
    return _Compared(figure, rests_on, share_words, share_change)
