"""The people and companies of the stories, shared by all tests.

Ask for the fixtures `forno`, `orchard`, `scm` and `head_office`, or call `bring_in` outside pytest.
Each is a `Cast`: `forno.agent`, `forno.people["forno.lead1"]`, `forno.remedies["money-off"]`.
Everyone's password is `leeway`. There are no rules until a test writes one with `rule(...)`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee, Team
from policies.models import AskedFact, Condition, Policy, ReasonCode, Remedy
from policies.publish import publish
from tests.companies import FORNO, ORCHARD, SCM, WHY, WORDS, Company

PASSWORD = "leeway"
_SCOPES = {
    "remedies": "remedies",
    "reasons": "reason_codes",
    "tiers": "tiers",
    "teams": "teams",
}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # from when a test's rules hold, unless it says so


@dataclass(frozen=True)
class Cast:
    """A company with everything that is in it. All share one `division` object."""

    division: Division
    teams: dict[str, Team]
    tiers: dict[str, AuthorityTier]
    people: dict[str, Employee]
    reasons: dict[str, ReasonCode]
    remedies: dict[str, Remedy]

    @property
    def agent(self) -> Employee:
        """The first of those who stand before the customer: driver1, rep1."""
        return next(p for p in self.people.values() if p.role == "agent")

    @property
    def colleague(self) -> Employee:
        """The second of them, in the same team."""
        return [p for p in self.people.values() if p.role == "agent"][1]

    @property
    def lead(self) -> Employee:
        """Who leads the team."""
        return next(p for p in self.people.values() if p.role == "team_lead")

    @property
    def manager(self) -> Employee:
        """Who sets the limits and the rules."""
        return next(p for p in self.people.values() if p.role == "manager")

    def rule(self, title: str = "A rule", **how: Any) -> Policy:
        """Publish a rule of this company: see `rule`."""
        return rule(self, title, **how)

    def refresh(self) -> None:
        """Read again what triggers have raised since: the version of the rulebook."""
        self.division.refresh_from_db(fields=["rulebook_version"])


def rule(
    company: Cast, title: str = "A rule", *, starts_at: datetime = LONG_AGO, **how: Any
) -> Policy:
    """Publish a rule, written as `draft_rule` does, from `starts_at` on.

    `rule(forno, measure="percent", value="100", per="order", remedies=["money-off"])`
    """
    draft = draft_rule(company, title, **how)
    published = publish(draft, published_by=company.manager, starts_at=starts_at, at=starts_at)
    company.refresh()
    return published


def draft_rule(
    company: Cast,
    title: str = "A rule",
    *,
    value: str | None = None,
    conditions: Sequence[tuple[Any, ...]] = (),
    **how: Any,
) -> Policy:
    """Write a draft of a rule: a restriction of an amount, unless `effect` and `measure` differ.

    `remedies`, `reasons`, `tiers` and `teams` are lists of codes or names, `conditions` of
    `(fact, operator, value)` or `(fact, operator, value, days)`; the rest are columns.
    """
    measure = "" if how.get("effect") == "forbid" else "amount"
    words = {
        "rationale": f"{title}: that is fair to everyone.",
        "customer_wording": f"{title}: here is what I can do.",
    }
    columns = {key: how[key] for key in how if key not in _SCOPES}
    draft = Policy.objects.create(
        **{"effect": "restrict", "measure": measure, **words, **columns},
        division=company.division,
        title=title,
        value=None if value is None else Decimal(value),
    )
    for key, scope in _SCOPES.items():
        getattr(draft, scope).set(getattr(company, key)[name] for name in how.get(key, ()))
    Condition.objects.bulk_create(
        Condition(
            policy=draft,
            fact=fact,
            operator=operator,
            value=compared,
            window_days=sum(days) or None,
        )
        for fact, operator, compared, *days in conditions
    )
    return draft


def bring_in(company: Company) -> Cast:
    """Write a company with its people, reason codes and remedies into the database."""
    division = Division(
        code=company.code,
        name=company.name,
        currency=company.currency,
        case_prefix=company.case_prefix,
        approval_minutes=company.approval_minutes,
        approval_hourly_cost=company.approval_hourly_cost,
        return_cost=company.return_cost,
        time_zone=next(iter(company.teams.values())),
    )
    _write([division])
    teams = {
        name: Team(division=division, name=name, time_zone=zone)
        for name, zone in company.teams.items()
    }
    tiers = {
        name: AuthorityTier(
            division=division,
            name=name,
            monthly_budget=Decimal(month),
            limit_per_case=Decimal(limit),
            grace_percent=grace,
            over_budget_percent=over,
            rationale=f"{name}: {WHY}",
        )
        for name, (month, limit, grace, over) in company.tiers.items()
    }
    _write(teams.values())
    _write(tiers.values())
    people = {
        username: _person(username, role, division, teams[team], tiers[tier] if tier else None)
        for username, (role, team, tier) in company.people.items()
    }
    _write(people.values())
    cast = Cast(
        division, teams, tiers, people, _reasons(company, division), _remedies(company, division)
    )
    cast.refresh()
    return cast


def bring_in_head_office() -> dict[str, Employee]:
    """Write those who belong to no division into the database."""
    people = {
        "finance": _person("finance", "finance"),
        "admin": _person("admin", "administrator"),
    }
    _write(people.values())
    return people


def _write(rows: Iterable[Any]) -> None:
    """Write rows of one table; their history says that they came to be, as after saving each."""
    rows = list(rows)
    model: Any = type(rows[0])
    model.objects.bulk_create(rows)
    # Every test begins with these: a row of history for each, written by hand, takes half as long.
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(_first_of_history(model, len(rows)), [now, *(row.pk for row in rows)])


@cache
def _first_of_history(model: Any, rows: int) -> str:
    history = model.history.model
    columns = ", ".join(f'"{field.column}"' for field in history.tracked_fields)
    return (
        f"INSERT INTO {history._meta.db_table} ({columns}, history_date, history_type) "
        f"SELECT {columns}, %s, '+' FROM {model._meta.db_table} "
        f"WHERE id IN ({', '.join(['%s'] * rows)}) ORDER BY id"
    )


def _person(
    username: str,
    role: str,
    division: Division | None = None,
    team: Team | None = None,
    tier: AuthorityTier | None = None,
) -> Employee:
    return Employee(
        username=username,
        first_name=username.rpartition(".")[2].capitalize(),
        email=f"{username}@example.com",
        password=_password(),
        role=role,
        division=division,
        team=team,
        tier=tier,
        job_title=role.replace("_", " ").capitalize(),
    )


@cache
def _password() -> str:
    return make_password(PASSWORD)


def _reasons(company: Company, division: Division) -> dict[str, ReasonCode]:
    reasons = {
        code: ReasonCode(division=division, code=code, name=name, position=position)
        for position, (code, name) in enumerate(company.reasons.items())
    }
    _write(reasons.values())
    AskedFact.objects.bulk_create(
        AskedFact(
            reason_code=reasons[fact["code"]], **{k: v for k, v in fact.items() if k != "code"}
        )
        for fact in company.facts
    )
    return reasons


def _remedies(company: Company, division: Division) -> dict[str, Remedy]:
    remedies = {
        code: Remedy(
            division=division,
            code=code,
            position=position,
            rationale=f"{columns['name']}: {WHY}",
            customer_wording=WORDS,
            **columns,
        )
        for position, (code, columns) in enumerate(company.remedies.items())
    }
    _write(remedies.values())
    return remedies


@pytest.fixture
def forno(db: None) -> Cast:
    """A pizza chain in New York, in USD. Driver: 120 a month, 25 a case. No grace."""
    return bring_in(FORNO)


@pytest.fixture
def orchard(db: None) -> Cast:
    """An online grocer in London, in GBP. Driver: 100 / 20. Care agent: 250 / 60, grace 20 %."""
    return bring_in(ORCHARD)


@pytest.fixture
def scm(db: None) -> Cast:
    """A phone operator in Sydney and Perth, in AUD. Rep: 200 / 150, grace 20 %, over 25 %."""
    return bring_in(SCM)


@pytest.fixture
def head_office(db: None) -> dict[str, Employee]:
    """`finance`, who sees all divisions, and `admin`; they belong to none."""
    return bring_in_head_office()


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the rulebooks of earlier tests: their divisions' numbers come again."""
    monkeypatch.setattr("policies.rulebook._kept", {})
