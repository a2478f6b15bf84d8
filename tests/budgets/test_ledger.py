"""The ledger spends and never overspends; every movement is an entry."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from budgets import ledger, months
from budgets.check import problems
from budgets.errors import BudgetExhausted
from budgets.models import Budget, EntryKind, LedgerEntry
from tests.cast import Cast

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def spend(budget: Budget, cost: str, **more: Any) -> LedgerEntry:
    """Spend as the acts do: in a transaction, by the employee whose month it is."""
    assert budget.employee is not None
    with transaction.atomic():
        return ledger.spend(
            budget,
            cost=Decimal(cost),
            actor=budget.employee,
            at=NOW,
            **{"request_id": uuid4(), **more},
        )


def test_spending_is_an_entry_that_says_who_what_and_what_is_left(forno: Cast) -> None:
    budget = months.open_month(forno.agent, at=NOW)
    request_id = uuid4()

    entry = spend(budget, "9.00", request_id=request_id, note="Free pizza")

    entry.refresh_from_db()
    assert (entry.kind, entry.amount, entry.balance_after) == (
        EntryKind.SPEND,
        Decimal("-9.00"),
        Decimal("111.00"),
    )
    assert (entry.actor, entry.request_id, entry.note, entry.at) == (
        forno.agent,
        request_id,
        "Free pizza",
        NOW,
    )
    budget.refresh_from_db()
    assert (budget.spent, budget.left) == (Decimal("9.00"), Decimal("111.00"))


def test_a_month_can_be_spent_to_the_last_cent_and_not_a_cent_further(forno: Cast) -> None:
    budget = months.open_month(forno.agent, at=NOW)
    spend(budget, "119.99")
    spend(budget, "0.01")

    with pytest.raises(BudgetExhausted) as refusal:
        spend(budget, "0.01")

    assert (refusal.value.asked, refusal.value.remaining) == (Decimal("0.01"), Decimal("0.00"))
    assert str(refusal.value) == "$0.01 is more than the $0.00 that is left."
    budget.refresh_from_db()
    assert (budget.spent, budget.left) == (Decimal("120.00"), Decimal("0.00"))
    assert budget.entries.count() == 3
    assert list(problems()) == []


def test_going_over_the_month_stops_at_what_the_tier_allows(scm: Cast) -> None:
    budget = months.open_month(scm.agent, at=NOW)
    spend(budget, "200.00")
    over = spend(budget, "50.00")

    with pytest.raises(BudgetExhausted) as refusal:
        spend(budget, "0.01")

    assert over.balance_after == Decimal("-50.00")
    assert refusal.value.remaining == Decimal("0.00")
    assert str(refusal.value) == "A$0.01 is more than the A$0.00 that is left."
    budget.refresh_from_db()
    assert (budget.left, budget.reach) == (Decimal("-50.00"), Decimal("0.00"))
    assert list(problems()) == []


def test_a_refused_spending_leaves_everything_as_it_was(forno: Cast) -> None:
    budget = months.open_month(forno.agent, at=NOW)
    spend(budget, "100.00")

    with pytest.raises(BudgetExhausted):
        spend(budget, "20.01")

    budget.refresh_from_db()
    assert budget.spent == Decimal("100.00")
    assert budget.entries.count() == 2


def test_a_spender_with_an_old_view_is_refused_with_what_is_left_now(forno: Cast) -> None:
    mine = months.open_month(forno.agent, at=NOW)
    old_view = months.open_month(forno.agent, at=NOW)
    spend(mine, "100.00")

    with pytest.raises(BudgetExhausted) as refusal:
        spend(old_view, "50.00")

    assert refusal.value.remaining == Decimal("20.00")


def test_an_entitlement_is_charged_to_the_division_and_touches_no_counter(forno: Cast) -> None:
    month = months.open_month(forno.agent, at=NOW)
    owed = months.open_entitlements(forno.division, month=date(2026, 11, 1))
    assert months.open_entitlements(forno.division, month=date(2026, 11, 1)) == owed

    entry = ledger.charge_entitlement(
        owed, cost=Decimal("500.00"), actor=forno.agent, request_id=uuid4(), at=NOW
    )

    assert (entry.kind, entry.amount, entry.balance_after) == (
        EntryKind.SPEND,
        Decimal("-500.00"),
        None,
    )
    for budget in (month, owed):
        budget.refresh_from_db()
        assert budget.spent == Decimal(0)
    assert list(problems()) == []


@pytest.mark.parametrize(
    ("currency", "personal_budget", "grace", "last"),
    [("JPY", "1005", "251", "1"), ("KWD", "10.005", "2.501", "0.001")],
)
def test_a_month_keeps_its_currencys_own_places(
    scm: Cast, currency: str, personal_budget: str, grace: str, last: str
) -> None:
    scm.division.currency = currency
    scm.division.save(update_fields=["currency"])
    scm.agent.personal_budget = Decimal(personal_budget)

    budget = months.open_month(scm.agent, at=NOW)

    budget.refresh_from_db()
    assert (budget.allotted, budget.grace) == (Decimal(personal_budget), Decimal(grace))
    spend(budget, str(budget.reach - Decimal(last)))
    spend(budget, last)
    with pytest.raises(BudgetExhausted):
        spend(budget, last)
    assert list(problems()) == []
