"""Adds up what a trial found. Amounts are in the division's currency, at cost.

What must stay true: every number is the sum of the differences that are listed behind it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from employees.money import money_text
from resolutions.trying.difference import Difference, Kind
from resolutions.trying.replay import Counted

MonthOf: TypeAlias = tuple[int, date]  # whose, and its first day

# How many more or fewer of a remedy are given where the change holds.
_MORE_GIVEN = {Kind.ALLOWED: 1, Kind.REFUSED: -1, Kind.INSTEAD: -1}


@dataclass(slots=True)
class Sum:
    """So many differences of a kind, and what they come to."""

    count: int = 0
    cost: Decimal = Decimal(0)
    face_value: Decimal = Decimal(0)


@dataclass(slots=True)
class Totals:
    """Everything that a trial found, added up as it goes.

    `avoiding` are the remedies that save a return each time, `returns` how many more they save.
    """

    avoiding: Collection[int] = ()
    returns: int = 0
    kinds: defaultdict[Kind, Sum] = field(default_factory=lambda: defaultdict(Sum))
    owed: Decimal = Decimal(0)
    months: defaultdict[MonthOf, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, difference: Difference, *, by_fund: bool = False) -> None:
        """Add one. What an incident's fund paid for moves nobody's month."""
        of_kind = self.kinds[difference.kind]
        of_kind.count += 1
        of_kind.cost += difference.cost
        of_kind.face_value += difference.face_value
        self.owed += difference.owed
        if difference.wish.remedy_id in self.avoiding:
            self.returns += _MORE_GIVEN.get(difference.kind, 0)
        today = difference.asked.question.today
        if difference.month and today is not None and not by_fund:
            self.months[difference.asked.employee_id, today.replace(day=1)] += difference.month

    @property
    def cost(self) -> Decimal:
        """What more is spent, all in all."""
        return sum((each.cost for each in self.kinds.values()), Decimal(0))

    @property
    def face_value(self) -> Decimal:
        """What more it is worth to the customers."""
        return sum((each.face_value for each in self.kinds.values()), Decimal(0))

    @property
    def approvals(self) -> int:
        """How many times fewer somebody would have had to ask: refusals gone, less new ones."""
        return self.kinds[Kind.ALLOWED].count - self.kinds[Kind.REFUSED].count


@dataclass(frozen=True, slots=True)
class MonthsEffect:
    """What it would have done to people's months."""

    more: int  # months that would have been used more
    over: int  # of them, those in which the money would not have been enough
    short: Decimal  # what would have been missing in these, all together


def effect_on_months(
    more: Mapping[MonthOf, Decimal], reach: Mapping[MonthOf, Decimal]
) -> MonthsEffect:
    """Compare what more each month would have paid with what was left of it, with its grace."""
    missing = [
        extra - reach[month]
        for month, extra in more.items()
        if extra > 0 and month in reach and extra > max(reach[month], Decimal(0))
    ]
    return MonthsEffect(
        more=sum(extra > 0 for extra in more.values()),
        over=len(missing),
        short=sum(missing, Decimal(0)),
    )


def as_json(
    totals: Totals,
    counted: Counted,
    months: MonthsEffect,
    *,
    approval_cost: Decimal,
    return_cost: Decimal,
    currency: str,
    kinds: Collection[Kind] = tuple(Kind),
) -> dict[str, Any]:
    """What a trial keeps: counts as numbers, amounts as text.

    Older ones have no `returns`; they are deleted after `runner.KEPT`.
    """

    def money(amount: Decimal) -> str:
        return money_text(amount, currency)

    return {
        "given": counted.given,
        "refusals": counted.refusals,
        "unclear": counted.unclear,
        "kinds": {
            str(kind): {
                "count": totals.kinds[kind].count,
                "cost": money(totals.kinds[kind].cost),
                "face_value": money(totals.kinds[kind].face_value),
            }
            for kind in kinds
        },
        "cost": money(totals.cost),
        "face_value": money(totals.face_value),
        "owed": money(totals.owed),
        "approvals": totals.approvals,
        "approval_cost": money(approval_cost),
        "saved": money(totals.approvals * approval_cost),
        "returns": {
            "count": totals.returns,
            "cost": money(return_cost),
            "saved": money(totals.returns * return_cost),
        },
        "months": {"more": months.more, "over": months.over, "short": money(months.short)},
    }
