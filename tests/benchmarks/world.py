"""A million employees in eight time zones."""

from decimal import Decimal

from django.db import connection, transaction

from employees.models import AuthorityTier, Division, Employee, Team

ZONES = (
    "Pacific/Auckland", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/London",
    "America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "Pacific/Honolulu",
)  # fmt: skip


@transaction.atomic
def found(employees: int) -> None:
    """Write the company: one division, a team in each zone, and so many people in them."""
    division = Division.objects.create(code="world", name="World", currency="USD", case_prefix="W")
    teams = [Team.objects.create(division=division, name=zone, time_zone=zone) for zone in ZONES]
    tier = AuthorityTier.objects.create(
        division=division,
        name="Agent",
        limit_per_case=Decimal("50.00"),
        monthly_budget=Decimal("200.00"),
        over_budget_percent=25,
        rationale="Enough for most days.",
    )
    first = Employee.objects.create(
        username="agent0", division=division, team=teams[0], tier=tier, password="!"
    )
    columns = [str(f.column) for f in Employee._meta.concrete_fields if f.column != "id"]
    copied = {
        **{column: f"e.{column}" for column in columns},
        "username": "'agent' || n",
        "team_id": "(%s::bigint[])[1 + n %% 8]",
        "personal_budget": "CASE WHEN n %% 10 = 0 THEN 150.00 END",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO employees_employee ({', '.join(columns)}) "
            f"SELECT {', '.join(copied[c] for c in columns)} "
            "FROM employees_employee e, generate_series(1, %s) n WHERE e.id = %s",
            [[team.pk for team in teams], employees - 1, first.pk],
        )
