"""What is known of a month: of one with Leeway, or of the months before it.

What is not known is None. Amounts are in the division's currency; shares are from 0 to 1.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Self

from employees.models import Division
from employees.money import quantize
from reports import measures
from reports.measured.headline import Sums
from reports.measures import Satisfaction
from reports.models import Baseline

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The measures that reports compare, each with how much it rests on.

    Of the months before Leeway only averages are known: what these rest on is None.
    """

    cost: Decimal | None = None
    given: int | None = None
    cost_per_case: Decimal | None = None
    put_right: int | None = None
    satisfaction: Satisfaction | None = None
    answers: int | None = None
    asked: int = 0
    first_contact: Decimal | None = None
    watched: int | None = None
    over_budget: Decimal | None = None
    months: int | None = None
    approvals: Decimal | None = None
    handed_over: Decimal | None = None
    ended: int | None = None
    time: timedelta | None = None

    @classmethod
    def of_sums(cls, sums: Sums, division: Division) -> Self:
        """Reckon it from a month's sums."""
        costs, cases, use = sums.costs, sums.cases, sums.use
        return cls(
            cost=measures.cost(costs),
            given=costs.given,
            cost_per_case=measures.cost_per_case(costs, cases, division.currency),
            put_right=cases.put_right,
            satisfaction=measures.satisfaction(cases),
            answers=measures.answers(cases),
            asked=cases.asked,
            first_contact=measures.first_contact_resolution(cases),
            watched=cases.watched,
            over_budget=measures.share_over_budget(use),
            months=use.months,
            approvals=Decimal(measures.approvals_avoided(cases)),
            handed_over=measures.escalation_rate(cases),
            ended=cases.cases,
            time=measures.time_to_resolution(cases),
        )

    @classmethod
    def of_baseline(cls, baseline: Baseline, division: Division) -> Self:
        """Take over what was entered of the months before Leeway.

        What a case cost is reckoned where it was not entered, and can be.
        """
        cost, cases, per_case = (
            baseline.cost_a_month,
            baseline.cases_a_month,
            baseline.cost_per_case,
        )
        if per_case is None and cost is not None and cases:
            per_case = quantize(cost / cases, division.currency)
        score, minutes = baseline.satisfaction, baseline.minutes_to_resolution
        return cls(
            cost=cost,
            cost_per_case=per_case,
            # An average that somebody knew: how many had answered was not entered.
            satisfaction=None if score is None else Satisfaction(score, 0, 0, Decimal(0)),
            first_contact=_share(baseline.first_contact_percent),
            handed_over=_share(baseline.handed_over_percent),
            time=None if minutes is None else timedelta(minutes=minutes),
        )


def _share(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / HUNDRED
