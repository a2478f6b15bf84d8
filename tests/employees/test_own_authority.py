"""Nobody changes how far their own word goes: the act says so kindly, and the database refuses."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from employees.models import AuthorityTier, Employee
from employees.own_authority import OwnAuthority, is_own, refuse_own
from tests.cast import Cast
from tests.raw_sql import execute, refused

OWN = "Nobody edits their own tier, limit, budget or role"


def save_as(actor: Employee, row: Employee | AuthorityTier, **changes: Any) -> None:
    """Save a change that the history says this person made."""
    for name, value in changes.items():
        setattr(row, name, value)
    row._history_user = actor  # type: ignore[union-attr]
    row.save()


def test_the_act_refuses_ones_own_row_and_ones_own_tier(forno: Cast) -> None:
    for own in (forno.agent, forno.tiers["Driver"]):
        assert is_own(forno.agent, own)
        with pytest.raises(OwnAuthority, match="Ask a colleague who manages this division"):
            refuse_own(forno.agent, own)
    for other in (forno.colleague, forno.tiers["Shift lead"], AuthorityTier()):
        refuse_own(forno.agent, other)
    refuse_own(forno.manager, AuthorityTier())  # neither the tier nor the manager has a number


@pytest.mark.parametrize(
    "change",
    [
        {"role": "manager"},
        {"tier": None},
        {"team": None},
        {"division": None},
        {"personal_limit": Decimal("1000.00")},
        {"personal_budget": Decimal("1000.00")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_a_change_of_ones_own_authority(
    forno: Cast, change: dict[str, Any]
) -> None:
    lead = forno.lead
    before = Employee.objects.values().get(pk=lead.pk)
    with refused(OWN):
        save_as(lead, lead, **change)
    assert Employee.objects.values().get(pk=lead.pk) == before


@pytest.mark.parametrize(
    "change",
    ["limit_per_case", "monthly_budget", "grace_percent", "over_budget_percent"],
)
def test_the_database_refuses_a_change_of_ones_own_tier(forno: Cast, change: str) -> None:
    with refused(OWN):
        save_as(forno.lead, forno.tiers["Shift lead"], **{change: 100})
    save_as(forno.lead, forno.tiers["Driver"], **{change: 100})


def test_everything_else_about_oneself_can_be_changed(forno: Cast) -> None:
    save_as(forno.lead, forno.lead, first_name="Ada", email="ada@example.com")
    save_as(forno.lead, forno.tiers["Shift lead"], rationale="So that the shift can decide.")


def test_others_can_change_someones_authority(forno: Cast) -> None:
    manager, lead = forno.manager, forno.lead
    save_as(manager, forno.tiers["Shift lead"], limit_per_case=Decimal("90.00"))
    save_as(manager, lead, personal_limit=Decimal("95.00"), role="manager")
    lead.refresh_from_db()
    assert (lead.limit_per_case, lead.role) == (Decimal("95.00"), "manager")


def test_a_history_that_says_so_can_not_be_written_around_django(forno: Cast) -> None:
    columns = ", ".join(
        field.column
        for field in Employee.history.model._meta.concrete_fields
        if field.name not in ("history_id", "role", "history_user", "history_date")
    )
    with refused(OWN):
        execute(
            f"INSERT INTO employees_historicalemployee ({columns}, role, history_user_id, "
            f"history_date) SELECT {columns}, 'manager', id, %s "
            "FROM employees_historicalemployee WHERE id = %s",
            datetime(2026, 11, 21, tzinfo=UTC),
            forno.agent.pk,
        )
