"""Money in the admin: read, never edited."""

from typing import Any

import pytest

from budgets.models import Budget, LedgerEntry
from employees.models import Employee
from tests.admin.desk import Desk, address
from tests.cast import Cast
from tests.putting_right import put_right, rows_written, so_many, so_much


@pytest.fixture
def desk(forno: Cast, scm: Cast) -> Desk:
    """Forno's manager; both companies have spent something."""
    put_right(forno.agent, so_much("money-off", "24.00"), order_value="30")
    put_right(forno.colleague, so_many("free-pizza"))
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")
    return Desk(forno.manager)


@pytest.mark.parametrize("model", [Budget, LedgerEntry])
def test_money_is_never_edited(desk: Desk, model: type[Any]) -> None:
    row, before = model._default_manager.filter().first(), rows_written()
    for page in ("change", "delete"):
        answer = desk.client.post(address(model, page, row.pk), {"spent": "0", "post": "yes"})
        assert answer.status_code in (302, 403)
    assert desk.client.post(address(model, "add"), {"amount": "5"}).status_code == 403
    assert "delete_selected" not in desk.client.get(address(model, "changelist")).content.decode()
    assert rows_written() == before


@pytest.mark.parametrize("model", [Budget, LedgerEntry])
def test_every_column_sorts(desk: Desk, model: type[Any]) -> None:
    columns = desk.client.get(address(model, "changelist")).context["cl"].list_display
    for n in range(len(columns) + 1):
        for order in (n, -n):
            where = address(model, "changelist")
            assert desk.client.get(where, {"o": order}).status_code == 200


def test_the_ledger_lists_ones_own_division_only(desk: Desk, forno: Cast) -> None:
    assert {e.budget.division for e in desk.list(LedgerEntry)} == {forno.division}
    entry = desk.list(LedgerEntry, kind__exact="spend")[0]
    page = desk.page(entry).content.decode()
    assert "An entry is never changed or deleted." in page


def test_an_employees_months_stand_beside_their_page(
    desk: Desk, forno: Cast, head_office: dict[str, Employee]
) -> None:
    page = desk.page(forno.agent).content.decode()
    assert "Their months" in page
    assert "$24.00" in page
    seen_by_admin = Desk(head_office["admin"]).page(forno.agent).content.decode()
    assert "Their months" not in seen_by_admin
    assert "$24.00" not in seen_by_admin
