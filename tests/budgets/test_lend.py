"""A colleague's month pays for a part of someone's case."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from budgets import ledger, months, top_ups
from budgets.check import problems
from budgets.errors import BudgetExhausted, InvalidMovement
from budgets.models import Budget, EntryKind, LedgerEntry
from tests.budgets.wrong import NOW, give_back, lend, month_of, spend, top_up
from tests.cast import Cast
from tests.putting_right import rows_written


@pytest.fixture
def towards(forno: Cast) -> LedgerEntry:
    """What a driver spends of their own month of 120.00."""
    return spend(month_of(forno), "18.00")


@pytest.fixture
def colleagues(forno: Cast) -> Budget:
    """Their colleague's month of 120.00."""
    return month_of(forno, "forno.driver2")


def test_what_is_lent_comes_out_of_the_colleagues_month(
    forno: Cast, towards: LedgerEntry, colleagues: Budget
) -> None:
    entry = lend(colleagues, "12.00", towards)

    entry.refresh_from_db()
    assert (entry.kind, entry.amount, entry.balance_after) == (EntryKind.LENT, -12, 108)
    assert (entry.budget, entry.concerns, entry.actor) == (
        colleagues,
        towards,
        forno.colleague,
    )
    colleagues.refresh_from_db()
    assert (colleagues.allotted, colleagues.spent) == (120, 12)
    towards.budget.refresh_from_db()
    assert towards.budget.spent == 18
    assert list(problems()) == []


def test_the_colleagues_month_caps_it(towards: LedgerEntry, colleagues: Budget) -> None:
    lend(colleagues, "120.00", towards)
    before = rows_written()
    with pytest.raises(BudgetExhausted) as refusal:
        lend(colleagues, "0.01", towards)
    assert (refusal.value.asked, refusal.value.remaining) == (Decimal("0.01"), 0)
    assert rows_written() == before


def test_a_colleague_may_go_over_as_far_as_for_their_own_cases(scm: Cast) -> None:
    towards = spend(months.open_month(scm.agent, at=NOW), "10.00")
    colleagues = months.open_month(scm.colleague, at=NOW)
    assert lend(colleagues, "250.00", towards).balance_after == -50
    with pytest.raises(BudgetExhausted):
        lend(colleagues, "0.01", towards)
    assert list(problems()) == []


Lender = Callable[[Cast, Cast], Budget]


@pytest.mark.parametrize(
    "lender",
    [
        lambda forno, _: month_of(forno),
        lambda _, scm: months.open_month(scm.agent, at=NOW),
        lambda forno, _: a_fund(forno),
        lambda forno, _: months.open_entitlements(forno.division, month=NOW.date().replace(day=1)),
    ],
    ids=["themselves", "another division", "a fund", "entitlements"],
)
def test_only_a_colleague_of_the_division_lends(
    forno: Cast, scm: Cast, towards: LedgerEntry, lender: Lender
) -> None:
    budget = lender(forno, scm)
    before = rows_written()
    with pytest.raises(InvalidMovement) as refusal:
        ledger.lend(
            budget,
            amount=Decimal("1.00"),
            towards=towards,
            actor=forno.colleague,
            request_id=towards.request_id,
            at=NOW,
        )
    assert refusal.value.errors == {"lender": ["Only a colleague of the same division can lend."]}
    assert rows_written() == before


def test_nothing_is_lent_towards_anything_but_a_spend(
    forno: Cast, towards: LedgerEntry, colleagues: Budget
) -> None:
    others: list[Any] = [
        towards.budget.entries.earliest("pk"),
        top_up(towards.budget, "5.00", forno),
        lend(colleagues, "1.00", towards),
        *give_back(towards, forno),
    ]
    before = rows_written()
    for other in others:
        with pytest.raises(InvalidMovement):
            lend(colleagues, "1.00", other)
    assert rows_written() == before


def a_fund(forno: Cast) -> Budget:
    return top_ups.open_fund(
        forno.division,
        name="Storm",
        amount=Decimal("50.00"),
        actor=forno.manager,
        request_id=uuid4(),
        at=NOW,
    )
