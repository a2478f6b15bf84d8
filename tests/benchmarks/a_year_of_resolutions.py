"""A year of a company that has given a million remedies: 1,000 agents in 20 teams.

It is written past the program, set by set, with the triggers put aside: they have their own tests.
"""

from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from knox.crypto import hash_token
from knox.models import AuthToken

from employees.models import Employee, Team
from tests.cast import bring_in, bring_in_head_office
from tests.companies import FORNO

AGENTS, TEAMS, MONTHS = 1_000, 20, 12
TOKEN = "f" * 64
_TABLES = ("budgets_budget", "budgets_ledgerentry", "resolutions_case", "resolutions_resolution")

_WRITE = (
    """
    INSERT INTO budgets_budget (kind, division_id, employee_id, month, name, base, allotted,
        spent, grace, opened_at)
    SELECT 'month', %(division)s, e.id, m, '', 120, 120, 0, 0, m
    FROM employees_employee e, generate_series(date '2025-11-01', '2026-10-01', '1 month') m
    WHERE e.role = 'agent'
    """,
    """
    INSERT INTO resolutions_customer (division_id, reference, name, email, segment)
    SELECT %(division)s, 'C-' || n, 'Kim Lee', n || '@example.com', 'regular'
    FROM generate_series(1, 50000) n
    """,
    """
    INSERT INTO resolutions_case (division_id, team_id, tier_id, customer_id, reason_code_id,
        channel, order_reference, order_value, facts, note, state, second_failure, opened_by_id,
        opened_at, ended_at, outcome_note, handed_over_to, external_reference)
    SELECT %(division)s, e.team_id, e.tier_id,
        (SELECT MIN(id) FROM resolutions_customer) + n %% 50000,
        (%(reasons)s::bigint[])[1 + n %% 4], (ARRAY['doorstep', 'phone', 'chat'])[1 + n %% 3],
        'ORD-' || n, 20 + n %% 50, '{"minutes_late": "30"}', 'Thirty minutes late.', 'put-right',
        false, e.id, at, at, '', '', ''
    FROM generate_series(1, %(rows)s) n
    JOIN (SELECT id, team_id, tier_id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place
        FROM employees_employee WHERE role = 'agent') e ON e.place = n %% %(agents)s
    CROSS JOIN LATERAL (SELECT timestamptz '2025-11-01' + n * interval '1 year' / %(rows)s) t(at)
    """,
    """
    INSERT INTO budgets_ledgerentry (budget_id, kind, amount, balance_after, request_id, actor_id,
        note, at)
    SELECT b.id, 'spend', -(5 + c.id %% 10), 100, gen_random_uuid(), c.opened_by_id, 'Free pizza',
        c.opened_at
    FROM resolutions_case c
    JOIN budgets_budget b ON b.employee_id = c.opened_by_id
        AND b.month = date_trunc('month', c.opened_at AT TIME ZONE 'UTC')
    """,
    """
    INSERT INTO resolutions_resolution (case_id, remedy_id, given_by_id, team_id, tier_id,
        face_value, cost, against_limit, description, verdict, owed, review_afterwards, decision,
        entry_id, request_id, at)
    SELECT c.id, (%(remedies)s::bigint[])[1 + c.id %% 4], e.actor_id, c.team_id, p.tier_id, 15,
        -e.amount, -e.amount, '', 'within', false, false, '{"verdict": "within"}', e.id,
        e.request_id, c.opened_at
    FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY id) AS place FROM budgets_ledgerentry) e
    JOIN (SELECT *, ROW_NUMBER() OVER (ORDER BY id) AS place FROM resolutions_case) c
        USING (place)
    JOIN employees_employee p ON p.id = e.actor_id
    """,
)


def found(rows: int) -> None:
    """Write the company and what it gave, with statistics for the planner."""
    company = bring_in(replace(FORNO, people={"forno.manager": ("manager", "Brooklyn", None)}))
    finance = bring_in_head_office()["finance"]
    AuthToken.objects.create(user=finance)
    AuthToken.objects.update(digest=hash_token(TOKEN))
    teams = Team.objects.bulk_create(
        Team(division=company.division, name=f"Store {n}", cost_centre=f"F-{n}")
        for n in range(TEAMS)
    )
    Employee.objects.bulk_create(
        Employee(
            username=f"driver{n}",
            division=company.division,
            team=teams[n % TEAMS],
            tier=company.tiers["Driver"],
        )
        for n in range(AGENTS)
    )
    given: dict[str, Any] = {
        "division": company.division.pk,
        "rows": rows,
        "agents": AGENTS,
        "reasons": [reason.pk for reason in company.reasons.values()],
        "remedies": [remedy.pk for remedy in company.remedies.values()],
    }
    with connection.cursor() as cursor:
        with transaction.atomic():
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in _WRITE:
                cursor.execute(statement, given)
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
