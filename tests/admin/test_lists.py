"""Every list and page of the admin: as many queries for fifty rows as for five."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Budget, LedgerEntry
from employees.models import AuthorityTier, Employee, Team
from policies.models import AskedFact, Policy, ReasonCode, Remedy
from resolutions.models import AuthorityGap, Case, Customer, Resolution
from tests.admin.desk import Desk, address
from tests.cast import Cast, draft_rule
from tests.putting_right import put_right, so_much

LISTS = [
    Team, AuthorityTier, Employee, ReasonCode, Remedy, Policy, Budget, LedgerEntry, Customer,
    Case, Resolution, AuthorityGap,
]  # fmt: skip


def one_more_of_each(forno: Cast, n: int) -> None:
    """A team, a tier, a person, a reason code, a remedy, a rule, a month, a case and a gap."""
    own: dict[str, Any] = {"division": forno.division}
    team = Team.objects.create(name=f"Team {n}", **own)
    tier = AuthorityTier.objects.create(
        name=f"Tier {n}", limit_per_case=40, monthly_budget=100, rationale="x", **own
    )
    person = Employee.objects.create_user(
        f"person{n}", role="agent", team=team, tier=tier, personal_limit=Decimal(30), **own
    )
    reason = ReasonCode.objects.create(code=f"r{n}", name=f"Reason {n}", **own)
    AskedFact.objects.create(reason_code=reason, key=f"fact_{n}", label=f"fact {n}", kind="number")
    remedy = Remedy.objects.create(
        code=f"m{n}", name=f"Remedy {n}", rationale="x", customer_wording="x", **own
    )
    rule = draft_rule(forno, f"Rule {n}", value="5", conditions=[(f"fact_{n}", "ge", "1")])
    rule.remedies.set([remedy])
    rule.tiers.set([tier])
    rule.teams.set([team])
    forno.refresh()
    person = Employee.objects.with_authority().get(pk=person.pk)
    put_right(person, so_much("money-off", "1.00"), customer=f"c{n}", order_value="9")
    AuthorityGap.objects.create(
        employee=person, tier=tier, remedy=remedy, reason_code=reason, request_id=uuid4(), **own
    )


def queries(desk: Desk, where: str, **asked: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = desk.client.get(where, asked)
    assert answer.status_code == 200
    return len(captured)


@pytest.mark.django_db
def test_fifty_rows_cost_no_more_queries_than_five(forno: Cast) -> None:
    desk = Desk(forno.manager)

    def costs() -> dict[Any, int]:
        everything: dict[Any, dict[str, str]] = {
            Policy: {"standing": "all"},
            Budget: {"month": "all"},
        }
        lists: dict[Any, int] = {
            model: queries(desk, address(model, "changelist"), **everything.get(model, {}))
            for model in LISTS
        }
        pages = {
            f"page of {type(row).__name__}": queries(desk, address(type(row), "change", row.pk))
            for row in (
                forno.tiers["Driver"],
                forno.agent,
                forno.teams["Brooklyn"],
                forno.reasons["late"],
                forno.remedies["voucher"],
            )
        }
        return {**lists, **pages, "index": queries(desk, "/admin/")}

    for n in range(5):
        one_more_of_each(forno, n)
    costs()  # what is read once per process is read now
    five = costs()
    for n in range(5, 50):
        one_more_of_each(forno, n)
    assert costs() == five
    assert max(five.values()) < 30, five
