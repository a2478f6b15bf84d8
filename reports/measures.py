"""The measures: each defined once, with its formula, its unit and where the formula comes from.

Pure: sums go in, a measure comes out, and None where there is nothing to measure. `figures.py`
reads the sums, for any filter and period. What must stay true: a score never stands without its
response rate; amounts are in one division's currency and never added to another's; nobody is
ranked, and nothing is told of one person from fewer than `SMALLEST_SHOWN` cases or answers.

Amounts are Decimal in the division's currency, at cost, to its places. Shares are Decimal from 0 to
1. `of_few` says whether a measure is told of few, too; where it may be one person's, it is not. A
case is counted on the day on which it ended, where its team works; money on the day on which it was
moved. Sources: `DESIGN.md` section 6; where a measure is one of the trade's, its name there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from employees.money import quantize

SMALLEST_SHOWN = 5
FIRST_CONTACT_WINDOW = timedelta(days=7)
SCORES = (1, 2, 3, 4, 5)
BINS = (0, 25, 50, 75, 100)  # per cent of a month's budget: the upper ends, the last one open


class Sums:
    """Sums that can be added to others of the same kind and the same currency."""

    def __add__(self, other: Self) -> Self:
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class Costs(Sums):
    """What was moved, as `DailyCosts` counts it; no amount is below zero."""

    given: int = 0
    in_grace: int = 0
    returned: int = 0
    spent: Decimal = Decimal(0)
    lent: Decimal = Decimal(0)
    given_back: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)
    face_value: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cases(Sums):
    """Cases that ended, as `DailyCases` counts them.

    `watched` are those of `with_customer` whose window of first-contact resolution is over, and
    `came_again` those of them whose customer came again within it.
    """

    cases: int = 0
    put_right: int = 0
    unescalated: int = 0
    handed_over: int = 0
    second_failures: int = 0
    watched: int = 0
    came_again: int = 0
    seconds: int = 0
    asked: int = 0
    score_1: int = 0
    score_2: int = 0
    score_3: int = 0
    score_4: int = 0
    score_5: int = 0


@dataclass(frozen=True, slots=True)
class BudgetUse(Sums):
    """Employees' months that were opened, by how much of each was used.

    `over` went over their budget. The bins are: none used, then up to 25, 50, 75 and 100 per cent,
    and `beyond`, which is those that are over.
    """

    months: int = 0
    over: int = 0
    allotted: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    none: int = 0
    to_25: int = 0
    to_50: int = 0
    to_75: int = 0
    to_100: int = 0
    beyond: int = 0

    @property
    def bins(self) -> tuple[int, ...]:
        """How many months are in each bin, from none used to beyond."""
        return (self.none, self.to_25, self.to_50, self.to_75, self.to_100, self.beyond)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What customers said, and how many of those who were asked said anything.

    `score` is the average from 1 to 5, exact: it is rounded once, where it is told. `rate` is the
    response rate, a share.
    """

    score: Decimal
    answers: int
    asked: int
    rate: Decimal


def cost(costs: Costs) -> Decimal:
    """What it cost: spent + lent - given back. In the division's currency.

    Source: the ledger; a closed month of finance has the same for the same entries.
    """
    return costs.spent + costs.lent - costs.given_back


def cost_per_case(costs: Costs, cases: Cases, currency: str) -> Decimal | None:
    """What a case cost that was put right: cost / cases put right. In the currency.

    Both of the same period: what was given back of an earlier one makes it less.
    """
    return _per(cost(costs), cases.put_right, currency)


def cost_per_remedy(costs: Costs, currency: str) -> Decimal | None:
    """What one remedy cost: cost / times it was given and not given back. In the currency."""
    return _per(cost(costs), costs.given - costs.returned, currency)


def budget_used(use: BudgetUse) -> Decimal | None:
    """How much of what was allotted was used: spent / allotted, over all months. A share.

    It may be above 1. `BudgetUse.bins` tells how it is spread; people are not ranked by it.
    """
    return _share(use.spent, use.allotted)


def share_over_budget(use: BudgetUse) -> Decimal | None:
    """How many employees' months went over their budget: months with spent > allotted / months."""
    return _share(use.over, use.months)


def first_contact_resolution(cases: Cases, *, of_few: bool = True) -> Decimal | None:
    """How many cases were solved at first contact (FCR): 1 - came again / watched. A share.

    Of the cases put right for a known customer whose window (7 days from then) is over. One came
    again if the customer came back about it, or told of another with the same reason, within 7 days
    after any of its endings: each time something was given in it, or it was concluded. Earlier ones
    count, too, as who comes back opens it again. Source: first-contact resolution of contact
    centres, with a window of 7 days.
    """
    return _share(cases.watched - cases.came_again, cases.watched, of_few=of_few)


def escalation_rate(cases: Cases, *, of_few: bool = True) -> Decimal | None:
    """How many cases were handed over after all, ever: handed over / cases that ended. A share."""
    return _share(cases.handed_over, cases.cases, of_few=of_few)


def time_to_resolution(cases: Cases, *, of_few: bool = True) -> timedelta | None:
    """How long it took on average: from being told to being put right, the last time if often.

    Source: mean time to resolution (MTTR) of contact centres.
    """
    if not _tells(cases.put_right, of_few=of_few):
        return None
    return timedelta(seconds=round(Decimal(cases.seconds) / cases.put_right))


def answers(cases: Cases) -> int:
    """How many customers answered."""
    return sum(scores(cases))


def scores(cases: Cases) -> tuple[int, ...]:
    """How many customers gave each score, from 1 to 5."""
    return (cases.score_1, cases.score_2, cases.score_3, cases.score_4, cases.score_5)


def satisfaction(cases: Cases, *, of_few: bool = True) -> Satisfaction | None:
    """The average score from 1 to 5, always with its response rate: answers / asked.

    Of the cases that ended in the period, whenever they were answered. What may be one person's
    is not told `of_few` answers. Source: customer satisfaction score (CSAT) on a scale of five, as
    its mean.
    """
    count = answers(cases)
    if not _tells(count, of_few=of_few):
        return None
    total = sum(score * said for score, said in zip(SCORES, scores(cases), strict=True))
    return Satisfaction(Decimal(total) / count, count, cases.asked, Decimal(count) / cases.asked)


def share_of_second_failures(cases: Cases, *, of_few: bool = True) -> Decimal | None:
    """How many cases were a second failure: second failures / cases that ended. A share."""
    return _share(cases.second_failures, cases.cases, of_few=of_few)


def approvals_avoided(cases: Cases) -> int:
    """Cases put right without asking anyone: those put right that were never handed over.

    Each would have been one approval where nobody on the front line may decide.
    """
    return cases.unescalated


def cost_of_approvals_avoided(cases: Cases, approval_cost: Decimal) -> Decimal:
    """What those approvals would have cost: approvals avoided × what one costs. In the currency.

    `approval_cost` is `Division.approval_cost`: minutes × cost of an hour / 60, entered once.
    """
    return approvals_avoided(cases) * approval_cost


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By how much it changed against what it was: (now - before) / before. A share, with sign."""
    if now is None or not before:
        return None
    return (now - before) / before


def watched_until(today: date) -> date:
    """The last day whose cases' window of first-contact resolution is over, whatever the hour."""
    return today - FIRST_CONTACT_WINDOW - timedelta(days=1)


def shown_of_a_person(count: int | Decimal) -> bool:
    """Whether so many cases or answers are enough to tell something of one person by."""
    return count >= SMALLEST_SHOWN


def too_few(measure: Callable[..., object], cases: Cases, *, of_few: bool) -> bool:
    """Whether a measure is known, and only not told, as it rests on few: see `of_few`."""
    return measure(cases, of_few=of_few) is None and measure(cases) is not None


def total(parts: Sequence[Decimal]) -> Decimal:
    """The sum of amounts in one currency."""
    return sum(parts, Decimal(0))


def _per(amount: Decimal, count: int, currency: str) -> Decimal | None:
    return quantize(amount / count, currency) if count > 0 else None


def _share(part: int | Decimal, whole: int | Decimal, *, of_few: bool = True) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if _tells(whole, of_few=of_few) else None


def _tells(count: int | Decimal, *, of_few: bool) -> bool:
    """Whether there is anything to tell of so many."""
    return bool(count) and (of_few or shown_of_a_person(count))
