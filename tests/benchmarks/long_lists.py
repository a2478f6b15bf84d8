"""A company with long lists: a million cases, months and entries, in a few statements.

Nine cases in ten are Forno's, a tenth Orchard's. Of Forno's, the last tenth came in from another
system, all at one moment. A thousandth of the cases is still open, one in a hundred is of a small
team, and a few dozen belong to the agent whose list is read.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models, transaction

from budgets.models import Budget, BudgetKind, LedgerEntry
from employees.models import Employee
from resolutions.models import Case, Customer, Resolution
from tests.cast import Cast, bring_in, bring_in_head_office
from tests.companies import FORNO, ORCHARD

SINCE = datetime(2024, 1, 1, tzinfo=UTC)
MONTHS = 36


@dataclass(frozen=True)
class LongLists:
    """Who reads the lists, and the budget whose entries are many."""

    forno: Cast
    orchard: Cast
    finance: Employee
    owed: Budget


@transaction.atomic
def found(rows: int) -> LongLists:
    """Write so many cases with a resolution each, entries of one budget, and months."""
    forno, orchard = bring_in(FORNO), bring_in(ORCHARD)
    finance = bring_in_head_office()["finance"]
    with connection.cursor() as cursor:
        # Only for this transaction: no triggers, and what refers to what is right as written.
        cursor.execute("SET LOCAL session_replication_role = replica")
    owed = Budget.objects.create(
        kind=BudgetKind.ENTITLEMENTS, division=forno.division, month=SINCE.date()
    )
    _write_cases(forno, orchard, rows)
    _write_given(forno, owed, rows)
    _write_months(forno, orchard, rows)
    return LongLists(forno, orchard, finance, owed)


def analyze() -> None:
    """Tell PostgreSQL what there is, as autovacuum does in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write_cases(forno: Cast, orchard: Cast, rows: int) -> None:
    customer = Customer.objects.create(division=forno.division, reference="C-0", name="Kim")
    _repeat(customer, rows // 5, reference="'C-' || n")
    small, large = forno.teams["Queens"].pk, forno.teams["Brooklyn"].pk
    reasons, others = ([r.pk for r in cast.reasons.values()] for cast in (forno, orchard))
    busy, agent = forno.people["forno.driver2"].pk, forno.agent.pk
    case = Case.objects.create(
        division=forno.division,
        team_id=large,
        customer=customer,
        reason_code_id=reasons[0],
        channel="doorstep",
        order_value=23,
        opened_at=SINCE,
        opened_by_id=busy,
    )
    theirs = "n % 10 = 9"
    moment = f"'{SINCE.isoformat()}'::timestamptz + n * interval '1 minute'"
    at = f"CASE WHEN n > {rows * 9 // 10} THEN '2026-11-01T00:00:00Z' ELSE {moment} END"
    _repeat(
        case,
        rows,
        division_id=f"CASE WHEN {theirs} THEN {orchard.division.pk} ELSE {forno.division.pk} END",
        team_id=(
            f"CASE WHEN {theirs} THEN {orchard.agent.team_id} "
            f"WHEN n % 100 = 5 THEN {small} ELSE {large} END"
        ),
        reason_code_id=(
            f"CASE WHEN {theirs} THEN {others[0]} WHEN n % 1000 = 3 THEN {reasons[1]} "
            f"ELSE {reasons[0]} END"
        ),
        customer_id=f"{customer.pk} + n % {rows // 5}",
        order_reference="'ORD-' || n",
        state="CASE WHEN n % 1000 = 7 THEN 'open' ELSE 'put-right' END",
        opened_at=at,
        ended_at=f"CASE WHEN n % 1000 <> 7 THEN ({at}) + (n % 600) * interval '1 second' END",
        opened_by_id=f"CASE WHEN n % {rows // 100} = 11 THEN {agent} ELSE {busy} END",
        order_value="10 + n % 50",
    )


def _write_given(forno: Cast, owed: Budget, rows: int) -> None:
    entry = LedgerEntry.objects.create(budget=owed, kind="spend", amount=-5, at=SINCE)
    _repeat(entry, rows, request_id="gen_random_uuid()", amount="-(1 + n % 20)")
    first = Case.objects.earliest("pk").pk
    given = Resolution.objects.create(
        case_id=first,
        remedy=forno.remedies["money-off"],
        given_by=forno.agent,
        face_value=5,
        cost=5,
        against_limit=5,
        verdict="within",
        decision={"remedy": "money-off"},
        entry=entry,
        request_id=entry.request_id,
        at=SINCE,
    )
    rare = forno.remedies["voucher"].pk
    _repeat(
        given,
        rows,
        case_id=f"{first} + n",
        entry_id=f"{entry.pk} + n",
        request_id="gen_random_uuid()",
        given_by_id=f"(SELECT opened_by_id FROM resolutions_case c WHERE c.id = {first} + n)",
        remedy_id=f"CASE WHEN n % 1000 = 13 THEN {rare} ELSE {given.remedy_id} END",
    )


def _write_months(forno: Cast, orchard: Cast, rows: int) -> None:
    people = rows // MONTHS
    _repeat(
        forno.agent,
        people,
        username="'someone' || n",
        email="''",
        division_id=f"CASE WHEN n % 10 = 9 THEN {orchard.division.pk} ELSE {forno.division.pk} END",
        team_id=(
            f"CASE WHEN n % 10 = 9 THEN {orchard.agent.team_id} WHEN n % 100 = 5 "
            f"THEN {forno.teams['Queens'].pk} ELSE {forno.agent.team_id} END"
        ),
    )
    first = Employee.objects.get(username="someone1")
    month = Budget.objects.create(
        kind=BudgetKind.MONTH,
        division=forno.division,
        employee=forno.agent,
        month=date(2024, 1, 1),
        allotted=120,
        base=120,
    )
    _repeat(
        month,
        people * MONTHS,
        division_id=(
            f"CASE WHEN (n - 1) % {people} % 10 = 8 THEN {orchard.division.pk} "
            f"ELSE {forno.division.pk} END"
        ),
        employee_id=f"{first.pk} + (n - 1) % {people}",
        month=f"('2024-01-01'::date + ((n - 1) / {people}) * interval '1 month')::date",
    )
    fund = Budget(kind=BudgetKind.FUND, division=forno.division, name="Storm", allotted=500)
    fund.save()
    _repeat(fund, 99, name="'Storm ' || n")


def _repeat(row: models.Model, times: int, **differing: str) -> None:
    """Write a row so many times more, with these columns as SQL; their numbers follow on."""
    columns = [str(f.column) for f in row._meta.concrete_fields if f.name != "transaction_id"]
    last = type(row)._default_manager.aggregate(last=models.Max("pk"))["last"]
    copied: dict[str, Any] = {c: f"o.{c}" for c in columns} | {"id": f"{last} + n"} | differing
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {', '.join(copied[c] for c in columns)} "
            f"FROM {table} o, generate_series(1, {times}) n WHERE o.id = {row.pk}"
        )
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
