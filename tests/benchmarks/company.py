"""A company of 10,000 agents to measure with: Forno's remedies and rules, in one large division.

Numbers begin far apart, so that each can be told from all others in a statement: agents from
1,000,001 on, customers from 2,000,001, budgets 2,000,000 above their agents.
"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AuthToken

from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from budgets.months import month_of
from employees.models import Employee
from resolutions.models import Case, Customer, FollowUp, Resolution, Submission
from tests.cast import Cast, bring_in
from tests.companies import FORNO

AGENTS, FIRST_AGENT = 10_000, 1_000_001
CUSTOMERS, FIRST_CUSTOMER = 20_000, 2_000_001
BUDGET_ABOVE_AGENT = 2_000_000
BATCH = 2000  # a statement has at most 65,535 values
MONTH = Decimal("1000000.00")
NEXT_NUMBERS = {
    LedgerEntry: 40_000_000,
    Case: 50_000_000,
    Resolution: 60_000_000,
    FollowUp: 70_000_000,
    Submission: 80_000_000,
    Customer: 90_000_000,
}


def token_of(agent: int) -> str:
    """The token that an agent signs their requests with."""
    return f"{agent:064x}"


@transaction.atomic
def found() -> Cast:
    """Write the company: people with tokens and an open month, customers, and a dozen rules."""
    for model, number in NEXT_NUMBERS.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE {model._meta.db_table} ALTER COLUMN id RESTART WITH {number}"
            )
    cast = bring_in(replace(FORNO, people={"forno.manager": ("manager", "Brooklyn", None)}))
    cast.tiers["Driver"].monthly_budget = MONTH
    cast.tiers["Driver"].save()
    _hire(cast)
    Customer.objects.bulk_create(
        (
            Customer(
                pk=n, division=cast.division, reference=f"C-{n}", name="Kim", email=f"{n}@x.com"
            )
            for n in range(FIRST_CUSTOMER, FIRST_CUSTOMER + CUSTOMERS)
        ),
        batch_size=BATCH,
    )
    write_rules(cast)
    return cast


def _hire(cast: Cast) -> None:
    now, teams = timezone.now(), list(cast.teams.values())
    agents = Employee.objects.bulk_create(
        (
            Employee(
                pk=n,
                username=f"forno.driver{n}",
                email=f"{n}@forno.example",
                division=cast.division,
                team=teams[n % len(teams)],
                tier=cast.tiers["Driver"],
            )
            for n in range(FIRST_AGENT, FIRST_AGENT + AGENTS)
        ),
        batch_size=BATCH,
    )
    AuthToken.objects.bulk_create(
        (
            AuthToken(digest=hash_token(token_of(a.pk)), token_key=token_of(a.pk)[-15:], user=a)
            for a in agents
        ),
        batch_size=BATCH,
    )
    months = Budget.objects.bulk_create(
        (
            Budget(
                pk=agent.pk + BUDGET_ABOVE_AGENT,
                kind=BudgetKind.MONTH,
                division=cast.division,
                employee=agent,
                month=month_of(agent, now),
                base=MONTH,
                allotted=MONTH,
            )
            for agent in agents
        ),
        batch_size=BATCH,
    )
    LedgerEntry.objects.bulk_create(
        (
            LedgerEntry(budget=month, kind=EntryKind.ALLOTMENT, amount=MONTH, balance_after=MONTH)
            for month in months
        ),
        batch_size=BATCH,
    )


def write_rules(cast: Cast) -> None:
    """Rules of every kind that let a free pizza and a reorder through."""
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    rules: list[dict[str, Any]] = [
        {"measure": "percent", "value": "100", "per": "order", "remedies": ["money-off"]},
        {"measure": "times", "value": "1000", "per": "customer", "window_days": 90},
        {"effect": "forbid", "reasons": ["cold"], "remedies": ["voucher"]},
        {"effect": "grant", "measure": "times", "value": "1", "remedies": ["reorder"]},
        {"value": "20.00", "remedies": ["money-off"], "channels": ["phone"]},
        {"value": "200.00", "conditions": [("order_value", "lt", "15.00")]},
        {"value": "100.00", "conditions": [("days_since_order", "gt", "30")]},
        {"value": "100.00", "conditions": [("earlier_value", "ge", "100000", 365)]},
        {"effect": "grant", "value": "30.00", "conditions": [("second_failure", "eq", "yes")]},
        {"value": "15.00", "tiers": ["Shift lead"], "remedies": ["voucher"]},
        {"value": "90.00", "teams": ["Queens"], "review_afterwards": True},
        {"value": "60.00", "per": "customer", "window_days": 1, "remedies": ["voucher"]},
    ]
    for number, how in enumerate(rules):
        cast.rule(f"Rule {number}", starts_at=long_ago, **how)
