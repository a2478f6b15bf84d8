"""Figures of reports put down by hand: `cost_on(forno, OCTOBER, "12.00")`, `ended_on(...)`."""

from datetime import date
from decimal import Decimal
from typing import Any

from reports.models import DailyCases, DailyCosts, DailyGaps
from tests.cast import Cast

_COUNTED = ["handed_over", "second_failures", "came_again", "seconds"]


def cost_on(
    company: Cast, day: date, amount: str, *, remedy: str = "", given: int = 1, **of: Any
) -> None:
    """So much was spent on a day, on so many remedies."""
    DailyCosts.objects.create(
        **_of(company, day, **of),
        remedy=company.remedies[remedy] if remedy else None,
        given=given,
        spent=Decimal(amount),
    )


def ended_on(
    company: Cast, day: date, cases: int = 1, *, remedy: str = "", scores: str = "", **of: Any
) -> None:
    """So many cases were put right, and these scores came of them: "554". All were asked.

    With a remedy, it was given in each of them. What else is counted is told by its column.
    """
    counted = {column: of.pop(column) for column in _COUNTED if column in of}
    counted |= {f"score_{score}": scores.count(score) for score in "12345"}
    for each in {None, company.remedies[remedy] if remedy else None}:
        DailyCases.objects.create(
            **_of(company, day, **of),
            remedy=each,
            cases=cases,
            put_right=cases,
            unescalated=cases,
            with_customer=cases,
            asked=cases,
            **counted,
        )


def refused_on(
    company: Cast, day: date, gaps: int, *, policy: Any = None, bound: str = "", **of: Any
) -> None:
    """So often something could not be done, because of a rule or a kind of bound."""
    DailyGaps.objects.create(
        **_of(company, day, **of), policy=policy, bound=bound, gaps=gaps, cost=Decimal(gaps)
    )


def _of(company: Cast, day: date, *, channel: str = "phone", **of: Any) -> dict[str, Any]:
    reason = of.get("reason", next(iter(company.reasons)))
    return {
        "division": company.division,
        "day": day,
        "team": company.teams[of["team"]] if "team" in of else company.agent.team,
        "tier": company.tiers[of["tier"]] if "tier" in of else company.agent.tier,
        "reason_code": company.reasons[reason],
        "channel": channel,
    }
