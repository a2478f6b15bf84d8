"""Writes a division's plan into the database: people, tiers, remedies, reason codes and rules.

Rules are published by the act that publishes every rule, version after version, on the days that
the plan names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from simple_history.utils import bulk_create_with_history

from config.demo.days import Calendar
from config.demo.plan import DivisionPlan, RemedyPlan, RulePlan, TierPlan
from employees.changes import TIER_LIMITS, save_change
from employees.models import AuthorityTier, Division, Employee, Team
from policies.models import AskedFact, Condition, Policy, ReasonCode, Remedy
from policies.publish import new_version, publish, withdraw

FOUNDED = 240  # days ago
MORNING = "09:12"
_MONEY_COLUMNS = {"value", "cost_per_unit", "face_value_per_unit"}


@dataclass(frozen=True, slots=True)
class Founded:
    """A division with all its rows, by code, name or username."""

    plan: DivisionPlan
    division: Division
    teams: Mapping[str, Team]
    tiers: Mapping[str, AuthorityTier]
    people: Mapping[str, Employee]
    reasons: Mapping[str, ReasonCode]
    remedies: Mapping[str, Remedy]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the division's first team."""
        return ZoneInfo(self.plan.teams[0].time_zone)

    @property
    def first(self) -> Employee:
        """The first of those with a tier: whose last weeks are told exactly."""
        return next(person for person in self.people.values() if person.tier is not None)

    @property
    def manager(self) -> Employee:
        """Who publishes the rules and sets the limits."""
        return self.people[f"{self.plan.code}.manager"]


def found(
    plan: DivisionPlan, *, calendar: Calendar, password: str, founder: Employee, random: Random
) -> Founded:
    """Write the division with everything that decides in it. `password` is hashed already."""
    zone = ZoneInfo(plan.teams[0].time_zone)
    began: dict[str, Any] = {
        "default_user": founder,
        "default_change_reason": "Set up",
        "default_date": calendar.at(FOUNDED, MORNING, zone),
    }
    division = Division(
        code=plan.code,
        name=plan.name,
        currency=plan.currency,
        case_prefix=plan.case_prefix,
        approval_minutes=plan.approval_minutes,
        approval_hourly_cost=Decimal(plan.approval_hourly_cost),
        return_cost=Decimal(plan.return_cost),
        budget_account=plan.budget_account,
        time_zone=plan.teams[0].time_zone,
        survey_delay_hours=0,  # at once, and after each case: to be looked at
        survey_cap_days=0,
    )
    bulk_create_with_history([division], Division, **began)
    teams = {
        team.name: Team(
            division=division,
            name=team.name,
            time_zone=team.time_zone,
            cost_centre=team.cost_centre,
        )
        for team in plan.teams
    }
    bulk_create_with_history(list(teams.values()), Team, **began)
    tiers = {tier.name: _tier(division, tier) for tier in plan.tiers}
    bulk_create_with_history(list(tiers.values()), AuthorityTier, **began)
    people = {
        person.username: Employee(
            username=person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.username}@{plan.code}.example",
            password=password,
            role=person.role,
            division=division,
            team=teams[person.team] if person.team else None,
            tier=tiers[person.tier] if person.tier else None,
            job_title=person.job_title,
            customer_reference=person.customer_reference,
            date_joined=began["default_date"],
        )
        for person in plan.people
    }
    bulk_create_with_history(list(people.values()), Employee, **began)
    founded = Founded(
        plan,
        division,
        teams,
        tiers,
        people,
        _reasons(plan, division, began),
        _remedies(plan.remedies, division, began),
    )
    _change_limits(founded, calendar)
    for rule in plan.rules:
        _publish(rule, founded, calendar, series=UUID(int=random.getrandbits(128), version=4))
    division.refresh_from_db()
    return founded


def _tier(division: Division, plan: TierPlan) -> AuthorityTier:
    """The tier as it was at first: a later change is made afterwards, so that it has a history."""
    return AuthorityTier(
        division=division,
        name=plan.name,
        limit_per_case=Decimal(plan.earlier.limit if plan.earlier else plan.limit),
        monthly_budget=Decimal(plan.budget),
        grace_percent=plan.grace,
        over_budget_percent=plan.over_budget,
        rationale=plan.rationale,
    )


def _change_limits(founded: Founded, calendar: Calendar) -> None:
    for plan in founded.plan.tiers:
        if plan.earlier:
            tier = founded.tiers[plan.name]
            tier.limit_per_case = Decimal(plan.limit)
            save_change(
                tier,
                changed_by=founded.manager,
                changed=["limit_per_case"],
                needing=TIER_LIMITS,
                reason=plan.earlier.reason,
            )
            change = tier.history.latest()
            change.history_date = calendar.at(plan.earlier.days_ago, MORNING, founded.zone)
            change.save(update_fields=["history_date"])


def _reasons(
    plan: DivisionPlan, division: Division, began: Mapping[str, Any]
) -> dict[str, ReasonCode]:
    reasons = {
        reason.code: ReasonCode(
            division=division, code=reason.code, name=reason.name, position=position
        )
        for position, reason in enumerate(plan.reasons)
    }
    bulk_create_with_history(list(reasons.values()), ReasonCode, **began)
    AskedFact.objects.bulk_create(
        AskedFact(
            reason_code=reasons[reason.code],
            key=fact.key,
            label=fact.label,
            kind=fact.kind,
            unit=fact.unit,
            choices=fact.choices,
            position=position,
        )
        for reason in plan.reasons
        for position, fact in enumerate(reason.facts)
    )
    return reasons


def _remedies(
    plans: Sequence[RemedyPlan], division: Division, began: Mapping[str, Any]
) -> dict[str, Remedy]:
    remedies = {
        remedy.code: Remedy(
            division=division,
            code=remedy.code,
            name=remedy.name,
            rationale=remedy.rationale,
            customer_wording=remedy.words,
            position=position,
            gl_account=remedy.account,
            **_exact(remedy.columns),
        )
        for position, remedy in enumerate(plans)
    }
    bulk_create_with_history(list(remedies.values()), Remedy, **began)
    return remedies


def _publish(rule: RulePlan, founded: Founded, calendar: Calendar, *, series: UUID) -> None:
    draft = _draft(rule, founded, series)
    if rule.days_ago is None:
        return
    at = calendar.at(rule.days_ago, MORNING, founded.zone)
    starts_at = calendar.next_month(founded.zone) if rule.starts_next_month else at
    published = publish(draft, published_by=founded.manager, starts_at=starts_at, at=at)
    for change in rule.changes:
        at = calendar.at(change.days_ago, MORNING, founded.zone)
        if change.withdraws:
            withdraw(published, withdrawn_by=founded.manager, change_reason=change.reason, at=at)
            continue
        draft = new_version(published)
        for column, value in _exact(change.columns).items():
            setattr(draft, column, value)
        published = publish(draft, published_by=founded.manager, change_reason=change.reason, at=at)


def _draft(rule: RulePlan, founded: Founded, series: UUID) -> Policy:
    draft = Policy.objects.create(
        division=founded.division,
        series=series,
        title=rule.title,
        effect=rule.effect,
        measure=rule.measure,
        value=None if rule.value is None else Decimal(rule.value),
        per=rule.per,
        window_days=rule.window_days,
        entitlement=rule.entitlement,
        allows_grace=rule.allows_grace,
        review_afterwards=rule.review_afterwards,
        channels=list(rule.channels),
        rationale=rule.rationale,
        customer_wording=rule.words,
    )
    draft.reason_codes.set(founded.reasons[code] for code in rule.reasons)
    draft.remedies.set(founded.remedies[code] for code in rule.remedies)
    draft.tiers.set(founded.tiers[name] for name in rule.tiers)
    Condition.objects.bulk_create(
        Condition(
            policy=draft,
            fact=fact,
            operator=operator,
            value=value,
            window_days=days[0] if days else None,
        )
        for fact, operator, value, *days in rule.conditions
    )
    return draft


def _exact(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts as Decimals; the rest as it is."""
    return {
        name: Decimal(value) if name in _MONEY_COLUMNS else value for name, value in columns.items()
    }
