"""A manager sets an incident's fund aside."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from budgets import top_ups
from budgets.check import problems
from budgets.errors import InvalidMovement, NotTheirMoney
from budgets.models import Budget, BudgetKind, EntryKind
from employees.models import Employee
from tests.budgets.wrong import NOW
from tests.cast import Cast
from tests.putting_right import rows_written


def open_fund(forno: Cast, **more: Any) -> Budget:
    """A fund of 500.00 for a storm, opened by the manager."""
    fitting = {"name": "Storm", "amount": Decimal("500.00"), "actor": forno.manager}
    return top_ups.open_fund(
        forno.division, **{**fitting, "request_id": uuid4(), "at": NOW, **more}
    )


def refused(error: type[Exception], forno: Cast, **more: Any) -> Any:
    """Expect a refusal that leaves everything as it was; give the error."""
    before = rows_written()
    with pytest.raises(error) as refusal:
        open_fund(forno, **more)
    assert rows_written() == before
    return refusal.value


def test_a_fund_begins_with_its_allotment(forno: Cast) -> None:
    fund = open_fund(forno)
    fund.refresh_from_db()
    assert (fund.kind, fund.name, fund.employee, fund.month) == (
        BudgetKind.FUND,
        "Storm",
        None,
        None,
    )
    assert (fund.base, fund.allotted, fund.spent, fund.grace) == (0, 500, 0, 0)
    (entry,) = fund.entries.all()
    assert (entry.kind, entry.amount, entry.balance_after, entry.actor, entry.note) == (
        EntryKind.ALLOTMENT,
        500,
        500,
        forno.manager,
        "Storm",
    )
    assert list(problems()) == []


@pytest.mark.parametrize("amount", ["0", "-5", "NaN", "5.001", "1000000000"])
def test_an_amount_that_can_not_be_meant_is_refused(forno: Cast, amount: str) -> None:
    refusal = refused(InvalidMovement, forno, amount=Decimal(amount))
    assert list(refusal.errors) == ["amount"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_fund_has_a_name(forno: Cast, name: str) -> None:
    refusal = refused(InvalidMovement, forno, name=name)
    assert refusal.errors == {"name": ["Write a name of at most 120 characters."]}


def test_only_a_manager_of_the_division_opens_one(
    forno: Cast, scm: Cast, head_office: dict[str, Employee]
) -> None:
    for actor in (forno.agent, forno.lead, scm.manager, *head_office.values()):
        refused(NotTheirMoney, forno, actor=actor)
