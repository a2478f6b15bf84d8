"""The figures that come first, each beside the days before and the same days a year earlier.

What must stay true: a score stands with how many answered, and first contact with its window and
the day up to which it is over. Amounts are in the division's currency.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from employees.counts import counted
from employees.models import Division
from employees.money import format_money
from reports import figures, measures
from reports.figures import Scope
from reports.measure_words import (
    TOO_FEW,
    UNKNOWN,
    amount_change,
    answered_words,
    peoples_months,
    score_change,
    score_words,
    share_change,
    share_words,
    time_change,
    time_words,
)
from reports.measured.period import Period
from reports.measures import BudgetUse, Cases, Costs

Measured = TypeVar("Measured")


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted in some days."""

    costs: Costs
    cases: Cases
    use: BudgetUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of the headline: how much, what belongs to it, and how it changed."""

    key: str
    name: str
    says: str
    beside: Sequence[str] = ()
    changes: Sequence[str] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is anything that it counts."""
        return self.says != UNKNOWN


def sums_of(scope: Scope, *, today: date) -> Sums:
    """What was counted. Three queries."""
    return Sums(figures.costs(scope), figures.cases(scope, today=today), figures.budget_use(scope))


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The figures of some days, and how they changed.

    Of what may be one person's no share, time or score is told `of_few` cases or answers.
    """

    division: Division
    period: Period
    today: date
    now: Sums
    before: Sums
    year_before: Sums
    of_few: bool = True

    @property
    def figures(self) -> list[Figure]:
        """All of them, the most asked for first."""
        return [
            self._cost(),
            self._satisfaction(),
            self._first_contact(),
            self._approvals(),
            self._over_budget(),
            self._handed_over(),
            self._time(),
            self._second_failures(),
        ]

    def _cost(self) -> Figure:
        now, currency = self.now, self.division.currency
        each = measures.cost_per_case(now.costs, now.cases, currency)
        return Figure(
            key="cost",
            name="Cost",
            says=format_money(measures.cost(now.costs), currency),
            beside=[
                f"{counted(now.cases.put_right, 'case')} put right",
                *([f"{format_money(each, currency)} each"] if each is not None else []),
            ],
            changes=self._changes(lambda sums: measures.cost(sums.costs), amount_change),
        )

    def _satisfaction(self) -> Figure:
        satisfaction, cases = self._of(measures.satisfaction), self.now.cases
        said = satisfaction(self.now)
        too_few = measures.too_few(measures.satisfaction, cases, of_few=self.of_few)
        return Figure(
            key="satisfaction",
            name="Satisfaction",
            says=score_words(said),
            beside=[f"{TOO_FEW} answered" if too_few else answered_words(said, cases.asked)],
            changes=self._changes(satisfaction, score_change),
        )

    def _first_contact(self) -> Figure:
        until = min(measures.watched_until(self.today), self.period.last)
        window = measures.FIRST_CONTACT_WINDOW.days
        over = until >= self.period.first
        return Figure(
            key="first-contact",
            name="Solved at first contact",
            says=share_words(self._of(measures.first_contact_resolution)(self.now)),
            beside=self._unless_few(
                measures.first_contact_resolution,
                f"within {window} days",
                f"up to {until:%-d %B}" if over else f"known {window} days later",
            ),
            changes=self._changes(self._of(measures.first_contact_resolution), share_change),
        )

    def _approvals(self) -> Figure:
        each, count = self.division.approval_cost, measures.approvals_avoided(self.now.cases)
        worth = measures.cost_of_approvals_avoided(self.now.cases, each)
        currency = self.division.currency
        return Figure(
            key="approvals",
            name="Approvals avoided",
            says=f"{count:,}",
            beside=[
                f"they would have cost {format_money(worth, currency)}",
                f"{format_money(each, currency)} each",
            ]
            if each
            else ["what one costs is not entered yet"],
            changes=self._changes(
                lambda sums: Decimal(measures.approvals_avoided(sums.cases)), amount_change
            ),
        )

    def _over_budget(self) -> Figure:
        """Of whole months, also where days are asked for: only these can be compared."""
        use = self.now.use
        whole = self.period.whole_months
        return Figure(
            key="over-budget",
            name="Over budget",
            says=share_words(measures.share_over_budget(use)),
            beside=[
                f"{use.over:,} of {peoples_months(use.months)}",
                *([] if self.of_few else ["of those who are there now"]),
            ],
            changes=self._changes(lambda sums: measures.share_over_budget(sums.use), share_change)
            if whole
            else [],
        )

    def _handed_over(self) -> Figure:
        cases = self.now.cases
        return Figure(
            key="handed-over",
            name="Handed over after all",
            says=share_words(self._of(measures.escalation_rate)(self.now)),
            beside=self._unless_few(
                measures.escalation_rate,
                f"{cases.handed_over:,} of {counted(cases.cases, 'case')}",
            ),
            changes=self._changes(self._of(measures.escalation_rate), share_change),
        )

    def _time(self) -> Figure:
        return Figure(
            key="time",
            name="Time until it was put right",
            says=time_words(self._of(measures.time_to_resolution)(self.now)),
            beside=self._unless_few(measures.time_to_resolution, "on average"),
            changes=self._changes(self._of(measures.time_to_resolution), time_change),
        )

    def _second_failures(self) -> Figure:
        cases = self.now.cases
        return Figure(
            key="second-failures",
            name="Second failures",
            says=share_words(self._of(measures.share_of_second_failures)(self.now)),
            beside=self._unless_few(
                measures.share_of_second_failures,
                f"{cases.second_failures:,} of {counted(cases.cases, 'case')}",
            ),
            changes=self._changes(self._of(measures.share_of_second_failures), share_change),
        )

    def _of(self, measure: Callable[..., Measured | None]) -> Callable[[Sums], Measured | None]:
        """A measure of cases, which few of them do not tell where they may be one person's."""
        return lambda sums: measure(sums.cases, of_few=self.of_few)

    def _unless_few(self, measure: Callable[..., Any], *beside: str) -> Sequence[str]:
        """What stands beside it; that there are too few where it is not told because of that."""
        few = measures.too_few(measure, self.now.cases, of_few=self.of_few)
        return [f"{TOO_FEW} cases"] if few else beside

    def _changes(
        self,
        measure: Callable[[Sums], Measured | None],
        words: Callable[[Measured | None, Measured | None, str], str],
    ) -> list[str]:
        """Against the days before and a year earlier, where there is something to compare."""
        now, period = measure(self.now), self.period
        told = [words(now, measure(self.before), period.before_in_words)]
        if period.year_before != period.before:  # of a whole year both are the same
            told.append(words(now, measure(self.year_before), period.year_before_in_words))
        return [change for change in told if change]
