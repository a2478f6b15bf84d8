"""Money whose remedy could not be carried out returns to where it came from: once, and whole."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from budgets import ledger, months, top_ups
from budgets.check import problems
from budgets.errors import GivenBackAlready, InvalidMovement
from budgets.models import NOTE_LENGTH, Budget, EntryKind, LedgerEntry
from tests.budgets.wrong import NOW, lend, month_of, spend, top_up
from tests.cast import Cast
from tests.putting_right import rows_written

WHY = "The courier never came."


def give_back(entry: LedgerEntry, forno: Cast, **more: Any) -> list[LedgerEntry]:
    """Give back with a good reason, by the lead."""
    return ledger.give_back(
        entry,
        **{"actor": forno.lead, "reason": WHY, "request_id": uuid4(), "at": NOW, **more},
    )


def refused(error: type[Exception], entry: LedgerEntry, forno: Cast, **more: Any) -> Any:
    """Expect a refusal that leaves everything as it was; give the error."""
    before = rows_written()
    with pytest.raises(error) as refusal:
        give_back(entry, forno, **more)
    assert rows_written() == before
    assert list(problems()) == []
    return refusal.value


def now(budget: Budget) -> tuple[Decimal, Decimal]:
    """What is allotted and spent."""
    budget.refresh_from_db()
    return budget.allotted, budget.spent


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00."""
    return month_of(forno)


def test_what_was_spent_can_be_spent_again(month: Budget, forno: Cast) -> None:
    entry, request_id = spend(month, "120.00"), uuid4()
    (returned,) = give_back(entry, forno, request_id=request_id)

    returned.refresh_from_db()
    assert (returned.kind, returned.budget, returned.amount, returned.balance_after) == (
        EntryKind.GIVE_BACK,
        month,
        120,
        120,
    )
    assert (returned.concerns, returned.actor, returned.note, returned.request_id) == (
        entry,
        forno.lead,
        WHY,
        request_id,
    )
    assert now(month) == (120, 0)
    spend(month, "120.00")
    assert list(problems()) == []


def test_it_returns_to_the_month_it_came_from_though_that_is_over(forno: Cast) -> None:
    october = months.open_month(forno.agent, at=datetime(2026, 10, 31, tzinfo=UTC))
    entry = spend(october, "30.00")
    november = month_of(forno)
    spend(november, "5.00")

    (returned,) = give_back(entry, forno, at=NOW + timedelta(days=300))

    assert returned.budget == october
    assert now(october) == (120, 0)
    assert now(november) == (120, 5)
    assert list(problems()) == []


def test_it_returns_also_to_a_month_that_went_over(scm: Cast) -> None:
    month = months.open_month(scm.agent, at=NOW)
    first = spend(month, "100.00")
    spend(month, "150.00")

    (returned,) = give_back(first, scm)

    assert returned.balance_after == Decimal("50.00")
    assert list(problems()) == []


def test_what_a_colleague_lent_returns_to_the_colleague(month: Budget, forno: Cast) -> None:
    colleagues, leads = month_of(forno, "forno.driver2"), month_of(forno, "forno.lead1")
    entry = spend(month, "18.00")
    lent = [lend(colleagues, "12.00", entry), lend(leads, "3.00", entry)]
    assert (now(month), now(colleagues), now(leads)) == ((120, 18), (120, 12), (400, 3))

    returned = give_back(entry, forno)

    assert [(e.budget, e.amount, e.concerns) for e in returned] == [
        (month, 18, entry),
        (colleagues, 12, lent[0]),
        (leads, 3, lent[1]),
    ]
    assert len({e.request_id for e in returned}) == 1
    assert (now(month), now(colleagues), now(leads)) == ((120, 0), (120, 0), (400, 0))
    assert list(problems()) == []


def test_a_colleagues_other_loans_stay(month: Budget, forno: Cast) -> None:
    colleagues = month_of(forno, "forno.driver2")
    entry, other = spend(month, "5.00"), spend(month, "6.00")
    lend(colleagues, "1.00", entry)
    lend(colleagues, "2.00", other)
    give_back(entry, forno)
    assert (now(month), now(colleagues)) == ((120, 6), (120, 2))
    assert list(problems()) == []


def test_what_was_owed_returns_to_the_division_without_a_counter(forno: Cast) -> None:
    owed = months.open_entitlements(forno.division, month=date(2026, 11, 1))
    entry = ledger.charge_entitlement(
        owed, cost=Decimal("500.00"), actor=forno.agent, request_id=uuid4(), at=NOW
    )

    (returned,) = give_back(entry, forno)

    assert (returned.budget, returned.amount, returned.balance_after) == (owed, 500, None)
    assert now(owed) == (0, 0)
    assert sum(e.amount for e in owed.entries.all()) == 0
    refused(GivenBackAlready, entry, forno)


def test_what_a_fund_paid_returns_to_the_fund(forno: Cast) -> None:
    fund = top_ups.open_fund(
        forno.division,
        name="Storm",
        amount=Decimal("50.00"),
        actor=forno.manager,
        request_id=uuid4(),
        at=NOW,
    )
    entry = ledger.spend(fund, cost=Decimal("50.00"), actor=forno.agent, request_id=uuid4(), at=NOW)
    give_back(entry, forno)
    assert now(fund) == (50, 0)
    assert list(problems()) == []


def test_a_remedy_that_cost_nothing_is_given_back_too(month: Budget, forno: Cast) -> None:
    entry = spend(month, "0.00")
    (returned,) = give_back(entry, forno)
    assert (returned.amount, returned.balance_after) == (0, 120)
    refused(GivenBackAlready, entry, forno)


@pytest.mark.parametrize(("currency", "cost"), [("JPY", "7"), ("KWD", "0.001")])
def test_it_returns_to_the_last_coin(forno: Cast, currency: str, cost: str) -> None:
    forno.division.currency = currency
    forno.division.save()
    month = month_of(forno)
    give_back(spend(month, cost), forno)
    assert now(month) == (120, 0)
    assert list(problems()) == []


def test_it_returns_once(month: Budget, forno: Cast) -> None:
    entry, request_id = spend(month, "5.00"), uuid4()
    spend(month, "50.00")
    give_back(entry, forno, request_id=request_id)
    for again in (request_id, uuid4()):
        refused(GivenBackAlready, entry, forno, request_id=again)


def test_only_what_was_spent_is_given_back(month: Budget, forno: Cast) -> None:
    entry = spend(month, "5.00")
    lent = lend(month_of(forno, "forno.driver2"), "1.00", entry)
    topped_up = top_up(month, "5.00", forno)
    (returned,) = give_back(spend(month, "2.00"), forno)
    allotment = month.entries.earliest("pk")
    for other in (lent, topped_up, returned, allotment):
        refusal = refused(InvalidMovement, other, forno)
        assert refusal.errors == {"entry": ["Only what was spent can be given back."]}


@pytest.mark.parametrize("reason", ["", " \n ", "x" * (NOTE_LENGTH + 1)])
def test_without_a_fitting_reason_nothing_returns(month: Budget, forno: Cast, reason: str) -> None:
    refusal = refused(InvalidMovement, spend(month, "5.00"), forno, reason=reason)
    assert list(refusal.errors) == ["reason"]
