"""The headline in lines: each measure with what it rests on, and what it was at other times.

What must stay true: nothing is read from fewer than `measures.SMALLEST_SHOWN`; a score stands with
its response rate, and first-contact resolution with its window.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import pluralize

from employees.money import format_money
from reports import measures
from reports.measure_words import (
    amount_change,
    answered_words,
    score_change,
    score_words,
    share_change,
    share_words,
    time_change,
    time_words,
)
from reports.monthly.headline import Headline
from reports.monthly.told import Line

TOO_FEW = "too few to compare"


@dataclass(frozen=True, slots=True)
class Then:
    """Another time: when that was ("in September"), and how it was."""

    when: str
    was: Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """How one measure is told; `rests_on` says of how many cases, answers or months it is."""

    label: str
    figure: Callable[[Headline], Any]
    rests_on: Callable[[Headline], int | None]
    value: Callable[[Any], str]
    change: Callable[[Any, Any, str], str]
    note: Callable[[Headline], str]

    def line(self, now: Headline, compared: Sequence[Then]) -> Line:
        figure = self.figure(now)
        others = () if figure is None else tuple(self._compared(now, compared))
        return Line(self.label, self.value(figure), self.note(now), others)

    def _compared(self, now: Headline, compared: Sequence[Then]) -> list[str]:
        """Such as "12 % less than in September ($1,200.00)"; nothing of what is not known."""
        said = []
        for then in compared:
            figure = self.figure(then.was)
            if figure is None:
                continue
            value = self.value(figure)
            if not enough(self.rests_on(now), self.rests_on(then.was)):
                said.append(f"{value} {then.when}: {TOO_FEW}")
            elif change := self.change(self.figure(now), figure, then.when):
                said.append(f"{change} ({value})")
            else:
                said.append(f"{value} {then.when}")
        return said


def lines(
    now: Headline, compared: Sequence[Then], *, currency: str, watched_until: date
) -> tuple[Line, ...]:
    """Tell every measure of the headline, in the order in which they are read."""
    return tuple(each.line(now, compared) for each in _measures(currency, watched_until))


def enough(*counts: int | None) -> bool:
    """Whether all of these are enough to compare; None is an average of many."""
    return all(count is None or measures.shown_of_a_person(count) for count in counts)


def so_many(count: int | None, one: str, several: str = "") -> str:
    """A number of things: "1 case", "1,204 cases"."""
    return f"{count or 0:,} {pluralize(count or 0, f'{one},{several or one}')}"


def _measures(currency: str, watched_until: date) -> Sequence[_Measure]:
    def money(amount: Decimal) -> str:
        return format_money(amount, currency)

    return [
        _Measure(
            label="What it cost",
            figure=lambda h: h.cost,
            rests_on=lambda h: h.given,
            value=money,
            change=amount_change,
            note=lambda h: f"for {so_many(h.given, 'remedy', 'remedies')}",
        ),
        _Measure(
            label="What a case cost",
            figure=lambda h: h.cost_per_case,
            rests_on=lambda h: h.put_right,
            value=lambda amount: "—" if amount is None else money(amount),
            change=amount_change,
            note=lambda h: f"{so_many(h.put_right, 'case', 'cases')} put right",
        ),
        _Measure(
            label="Satisfaction",
            figure=lambda h: h.satisfaction,
            rests_on=lambda h: h.answers,
            value=score_words,
            change=score_change,
            note=lambda h: answered_words(h.satisfaction, h.asked),
        ),
        _Measure(
            label="Solved at first contact",
            figure=lambda h: h.first_contact,
            rests_on=lambda h: h.watched,
            value=share_words,
            change=share_change,
            note=lambda h: _watched(h, watched_until),
        ),
        _Measure(
            label="Budgets gone over",
            figure=lambda h: h.over_budget,
            rests_on=lambda h: h.months,
            value=share_words,
            change=share_change,
            note=_over,
        ),
        _Measure(
            label="Approvals avoided",
            figure=lambda h: h.avoided,
            rests_on=lambda h: h.put_right,
            value=lambda count: f"{count or 0:,}",
            change=amount_change,
            note=lambda h: f"would have cost {money(h.avoided_cost)}" if h.avoided_cost else "",
        ),
        _Measure(
            label="Handed over after all",
            figure=lambda h: h.handed_over,
            rests_on=lambda h: h.ended,
            value=share_words,
            change=share_change,
            note=lambda h: f"of {so_many(h.ended, 'case', 'cases')}",
        ),
        _Measure(
            label="From being told to being put right",
            figure=lambda h: h.took,
            rests_on=lambda h: h.put_right,
            value=time_words,
            change=time_change,
            note=lambda _: "on average",
        ),
    ]


def _watched(headline: Headline, until: date) -> str:
    cases = so_many(headline.watched, "case", "cases")
    return f"within {measures.FIRST_CONTACT_WINDOW.days} days; {cases} up to {until:%-d %B}"


def _over(headline: Headline) -> str:
    if headline.used is None:
        return f"of {so_many(headline.months, 'month', 'months')}"
    over = f"{headline.over:,} of {so_many(headline.months, 'person', 'people')}"
    return f"{over}; {share_words(headline.used)} of all budgets was used"
