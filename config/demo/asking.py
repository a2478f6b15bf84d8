"""The question to authority, as `resolutions.ask` puts it, from rows that are still in memory."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from budgets.models import Budget
from config.demo.customers import Regular
from config.demo.days import Calendar
from config.demo.found import MORNING, Founded
from config.demo.plan import TierPlan
from employees.models import Employee
from policies.facts import FactValue
from policies.question import Given, Question
from resolutions.ask import SECOND_FAILURE_WITHIN
from resolutions.models import Case, Resolution
from resolutions.problem import local_day


def question(
    case: Case,
    facts: Mapping[str, FactValue],
    regular: Regular | None,
    in_case: list[Resolution],
    *,
    employee: Employee,
    limit: Decimal,
    budget: Budget,
    at: datetime,
) -> Question:
    """Who asks, about which case, at which moment, and what was given before."""
    earlier = regular.given if regular else in_case
    tier = employee.tier
    return Question(
        at=at,
        today=local_day(at, employee.zone),
        limit=limit,
        grace_percent=Decimal(tier.grace_percent if tier else 0),
        tier_id=employee.tier_id,
        team_id=employee.team_id,
        reason_id=case.reason_code_id,
        channel=case.channel,
        order_value=case.order_value,
        order_date=case.order_date,
        order_reference=case.order_reference,
        facts=facts,
        customer_known=regular is not None,
        customer_segment=regular.customer.segment if regular else None,
        customer_since=regular.customer.customer_since if regular else None,
        second_failure=case.second_failure if regular else None,
        given=tuple(_given(resolution, case, regular) for resolution in earlier),
        budget_left=budget.left,
        budget_reach=budget.reach,
    )


def limit_of(founded: Founded, tier: TierPlan, at: datetime, calendar: Calendar) -> Decimal:
    """What the tier's limit per case was at that moment."""
    earlier = tier.earlier
    if earlier and at < calendar.at(earlier.days_ago, MORNING, founded.zone):
        return Decimal(earlier.limit)
    return Decimal(tier.limit)


def failed_before(regular: Regular | None, case: Case) -> bool:
    """Whether the same went wrong for this customer within the last 30 days already."""
    return regular is not None and any(
        other.reason_code_id == case.reason_code_id
        and other.opened_at > case.opened_at - SECOND_FAILURE_WITHIN
        for other in regular.cases
    )


def _given(resolution: Resolution, case: Case, regular: Regular | None) -> Given:
    return Given(
        remedy_id=resolution.remedy_id,
        measure=resolution.measure,
        face_value=resolution.face_value,
        cost=resolution.cost,
        against_limit=resolution.against_limit,
        at=resolution.at,
        this_case=resolution.case is case,
        this_order=resolution.case is case and bool(case.order_reference),
        this_customer=regular is not None,
    )
