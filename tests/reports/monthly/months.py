"""Months of a company as the rollups hold them, in a line each, and what is told of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from budgets.ledger import spend
from budgets.months import open_month
from employees.models import Employee
from policies.models import Policy
from reports.models import DailyCases, DailyCosts, DailyGaps
from tests.cast import Cast

OCTOBER, SEPTEMBER, LAST_OCTOBER = date(2026, 10, 1), date(2026, 9, 1), date(2025, 10, 1)
SECOND_OF_NOVEMBER = datetime(
    2026, 11, 2, 12, 0, tzinfo=UTC
)  # the first working day; 7:00 in New York


def another_manager(company: Cast, name: str) -> Employee:
    """One more who reads the company's months."""
    return Employee.objects.create_user(
        name, f"{name}@example.com", role="manager", division=company.division
    )


def spent(
    company: Cast,
    month: date,
    amount: str,
    *,
    given: int = 10,
    remedy: str = "",
    team: str = "",
    reason: str = "",
    **sums: Any,
) -> None:
    """So much was spent on so many remedies, on the month's first day."""
    DailyCosts.objects.create(
        **_of(company, month, remedy, team, reason),
        **{"given": given, "spent": Decimal(amount), **sums},
    )


def put_right(
    company: Cast,
    month: date,
    cases: int,
    *,
    scores: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0),
    remedy: str = "",
    team: str = "",
    reason: str = "",
    **sums: Any,
) -> None:
    """So many cases were put right, and customers gave so many of each score from 1 to 5."""
    counted = {f"score_{score}": count for score, count in enumerate(scores, 1)}
    told = {
        "cases": cases,
        "put_right": cases,
        "unescalated": cases,
        "with_customer": cases,
        "seconds": cases * 600,
        "asked": max(cases, sum(scores)),
    }
    DailyCases.objects.create(
        **_of(company, month, remedy, team, reason), **(told | counted | sums)
    )


def stopped(company: Cast, month: date, gaps: int, *, rule: Policy | None = None) -> None:
    """Something could not be done so many times: because of a rule, or of the limit for a case."""
    DailyGaps.objects.create(
        **_of(company, month, "", "", ""),
        policy=rule,
        bound="restriction" if rule else "tier",
        gaps=gaps,
        cost=Decimal(10 * gaps),
    )


def used(company: Cast, month: date, *amounts: str) -> None:
    """Months of 100.00 were opened for as many people, and so much of each was used."""
    at = datetime(month.year, month.month, 15, tzinfo=UTC)
    people = [person for person in company.people.values() if person.tier]
    for person, amount in zip(people, amounts, strict=False):
        assert person.tier
        person.personal_budget, person.tier.over_budget_percent = Decimal(100), 100
        budget = open_month(person, at=at)
        spend(budget, cost=Decimal(amount), actor=person, request_id=uuid4(), at=at)


def _of(company: Cast, month: date, remedy: str, team: str, reason: str) -> dict[str, Any]:
    return {
        "division": company.division,
        "day": month,
        "remedy": company.remedies[remedy] if remedy else None,
        "team": company.teams[team] if team else None,
        "reason_code": company.reasons[reason] if reason else None,
    }
