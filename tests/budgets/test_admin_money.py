"""Money in the admin: read, never edited."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from budgets.admin.budgets import used_percent
from budgets.models import Budget, LedgerEntry
from budgets.months import open_month
from employees.models import Employee
from tests.admin.desk import Desk, address
from tests.cast import Cast
from tests.putting_right import NOW, put_right, rows_written, so_many, so_much


@pytest.fixture
def desk(forno: Cast, scm: Cast) -> Desk:
    """Forno's manager; both companies have spent something."""
    put_right(forno.agent, so_much("money-off", "24.00"), order_value="30")
    put_right(forno.colleague, so_many("free-pizza"))
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")
    return Desk(forno.manager)


def test_each_month_shows_how_much_of_it_is_used(desk: Desk) -> None:
    page = desk.client.get(address(Budget, "changelist")).content.decode()
    for words in ("Driver1", "November 2026", "$120.00", "$24.00", "$96.00", "20 %", "4 %"):
        assert words in page
    assert "A$" not in page


def test_what_customers_are_owed_is_summed_from_the_ledger(forno: Cast) -> None:
    forno.rule(
        "Late: pizza is owed",
        effect="grant",
        measure="quantity",
        value="1",
        remedies=["free-pizza"],
        entitlement=True,
    )
    put_right(forno.agent, so_many("free-pizza"))
    page = Desk(forno.manager).client.get(address(Budget, "changelist")).content.decode()
    assert "Forno, owed to customers" in page
    assert "$5.00" in page


def test_a_budget_lists_its_entries_a_page_at_a_time(desk: Desk, forno: Cast) -> None:
    budget = Budget.objects.get(employee=forno.agent)
    page = desk.page(budget).content.decode()
    for words in ("Allotment", "Spend", "-$24.00", "$96.00", "Money is never edited."):
        assert words in page
    assert "_save" not in page


@pytest.mark.parametrize("model", [Budget, LedgerEntry])
def test_money_is_never_edited(desk: Desk, model: type[Any]) -> None:
    row, before = model._default_manager.filter().first(), rows_written()
    for page in ("change", "delete"):
        answer = desk.client.post(address(model, page, row.pk), {"spent": "0", "post": "yes"})
        assert answer.status_code in (302, 403)
    assert desk.client.post(address(model, "add"), {"amount": "5"}).status_code == 403
    assert "delete_selected" not in desk.client.get(address(model, "changelist")).content.decode()
    assert rows_written() == before


def test_months_are_filtered_by_use(desk: Desk, forno: Cast, scm: Cast) -> None:
    idle, busy = forno.people["forno.driver3"], forno.lead
    open_month(idle, at=NOW)
    for _ in range(5):
        put_right(busy, so_much("money-off", "80.00"), order_value="90")
    for _ in range(2):
        put_right(scm.agent, so_much("bill-credit", "100.00"), reason_code="outage")
    expected = {
        "untouched": {idle},
        "left": {forno.agent, forno.colleague, idle},
        "used-up": {busy},
        "over": set(),
    }
    for use, people in expected.items():
        assert {b.employee for b in desk.list(Budget, use=use)} == people, use
    assert {b.employee for b in Desk(scm.manager).list(Budget, use="over")} == {scm.agent}


def test_months_are_found_by_name_and_by_date(desk: Desk, forno: Cast) -> None:
    assert [b.employee for b in desk.list(Budget, q="driver1")] == [forno.agent]
    assert desk.list(Budget, month__year="2025") == []
    assert len(desk.list(Budget, month__year="2026", month__month="11")) == 2


def test_every_column_sorts(desk: Desk) -> None:
    for model in (Budget, LedgerEntry):
        columns = desk.client.get(address(model, "changelist")).context["cl"].list_display
        for n in range(len(columns) + 1):
            assert desk.client.get(address(model, "changelist"), {"o": n}).status_code == 200


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


@pytest.mark.parametrize(
    ("spent", "allotted", "percent"),
    [("0", "0", 0), ("1", "0", 100), ("30", "120", 25), ("150", "120", 125), ("1", "3", 33)],
)
def test_the_share_used_is_in_whole_percent(spent: str, allotted: str, percent: int) -> None:
    budget = Budget(month=date(2026, 11, 1), spent=Decimal(spent), allotted=Decimal(allotted))
    assert used_percent(budget) == percent
