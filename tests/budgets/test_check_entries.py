"""`check_ledger` finds each entry that should not be as it is; the guards are down to make it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from budgets import ledger, months
from budgets.check import Problem
from budgets.models import Budget, LedgerEntry
from tests.budgets.wrong import (
    NOW,
    add_entry,
    change,
    found,
    give_back,
    lend,
    money_problems,
    month_of,
    spend,
    top_up,
)
from tests.cast import Cast
from tests.raw_sql import execute, guards_down

NOVEMBER = date(2026, 11, 1)
PLACES = "Its amounts have no more places than its currency."
RETURNS = "A give-back returns what an entry took, whole, to the same budget."
LENDS = "Money is lent by someone else of the division, out of a month, towards a spend."
TOGETHER = "What was lent is given back together with the spend that it was lent towards."
OWED = "Entitlements are charged and given back, and keep no balance."


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00."""
    return month_of(forno)


@pytest.fixture
def colleagues(forno: Cast) -> Budget:
    """Their colleague's month of 120.00."""
    return month_of(forno, "forno.driver2")


def row(entry: LedgerEntry, whose: str = "forno.driver1") -> str:
    return f"entry {entry.pk} in budget {entry.budget_id} of {whose}, November 2026"


@pytest.mark.parametrize(("currency", "odd"), [("USD", "5.001"), ("JPY", "5.1"), ("KWD", "5.0001")])
def test_an_amount_with_more_places_than_its_currency_is_found(
    forno: Cast, currency: str, odd: str
) -> None:
    forno.division.currency = currency
    forno.division.save()
    month = month_of(forno)
    entry = spend(month, odd)

    assert money_problems() == [
        Problem(f"budget {month.pk} of forno.driver1, November 2026", PLACES, f"{currency}."),
        Problem(row(entry), PLACES, f"It moved -{odd} {currency}."),
    ]


@pytest.mark.parametrize(("currency", "fine"), [("USD", "5.01"), ("JPY", "5"), ("KWD", "5.001")])
def test_an_amount_in_its_currencys_places_is_fine(forno: Cast, currency: str, fine: str) -> None:
    forno.division.currency = currency
    forno.division.save()
    spend(month_of(forno), fine)
    assert money_problems() == []


def test_a_give_back_of_another_amount_is_found(month: Budget, forno: Cast) -> None:
    spent = spend(month, "5.00")
    (returned,) = give_back(spent, forno)
    change(returned, amount="5.01")

    what = f"It returns $5.01 for entry {spent.pk}, a spend of -$5.00."
    assert Problem(row(returned), RETURNS, what) in money_problems()


def test_a_give_back_to_another_budget_is_found(
    month: Budget, colleagues: Budget, forno: Cast
) -> None:
    (returned,) = give_back(spend(month, "5.00"), forno)
    change(returned, budget_id=colleagues.pk)
    assert (row(LedgerEntry.objects.get(pk=returned.pk), "forno.driver2"), RETURNS) in found()


def test_a_give_back_of_a_top_up_is_found(month: Budget, forno: Cast) -> None:
    (returned,) = give_back(spend(month, "5.00"), forno)
    change(returned, concerns_id=top_up(month, "5.00", forno).pk)
    assert (row(returned), RETURNS) in found()


def test_money_given_back_twice_is_found(month: Budget, forno: Cast) -> None:
    first, second = spend(month, "5.00"), spend(month, "5.00")
    give_back(first, forno)
    (again,) = give_back(second, forno)
    with guards_down("budgets_ledgerentry"):
        execute("DROP INDEX given_back_once")
        execute("UPDATE budgets_ledgerentry SET concerns_id = %s WHERE id = %s", first.pk, again.pk)
    assert found() == [(row(again), "Money is given back once.")]


def test_what_was_lent_out_of_ones_own_month_is_found(month: Budget, colleagues: Budget) -> None:
    lent = lend(colleagues, "5.00", spend(month, "5.00"))
    change(lent, budget_id=month.pk)
    assert (row(LedgerEntry.objects.get(pk=lent.pk)), LENDS) in found()


def test_what_was_lent_towards_a_top_up_is_found(
    month: Budget, colleagues: Budget, forno: Cast
) -> None:
    lent = lend(colleagues, "5.00", spend(month, "5.00"))
    change(lent, concerns_id=top_up(month, "5.00", forno).pk)
    assert found() == [(row(lent, "forno.driver2"), LENDS)]


def test_what_was_lent_to_another_division_is_found(
    month: Budget, colleagues: Budget, scm: Cast
) -> None:
    lent = lend(colleagues, "5.00", spend(month, "5.00"))
    theirs = spend(months.open_month(scm.agent, at=NOW), "5.00")
    change(lent, concerns_id=theirs.pk)
    assert found() == [(row(lent, "forno.driver2"), LENDS)]


@pytest.mark.parametrize("given_back", ["the spend", "what was lent"])
def test_a_spend_that_was_given_back_without_what_was_lent_is_found(
    month: Budget, colleagues: Budget, given_back: str, forno: Cast
) -> None:
    spent = spend(month, "5.00")
    lent = lend(colleagues, "7.00", spent)
    entry, budget = (spent, month) if given_back == "the spend" else (lent, colleagues)
    change(budget, spent="0.00")
    budget.refresh_from_db()
    add_entry(
        budget,
        "give-back",
        str(-entry.amount),
        concerns=entry,
        actor=forno.lead,
        note="Why not.",
        balance_after=Decimal("120.00"),
    )

    what = f"Of it and entry {spent.pk}, a spend of -$5.00, only entry {entry.pk} was given back."
    assert money_problems() == [Problem(row(lent, "forno.driver2"), TOGETHER, what)]


def test_someone_who_topped_up_their_own_month_is_found(month: Budget, forno: Cast) -> None:
    entry = top_up(month, "5.00", forno)
    change(entry, actor_id=forno.agent.pk)
    assert found() == [(row(entry), "Nobody tops up their own month.")]


@pytest.mark.parametrize("column", ["allotted", "spent", "grace"])
def test_entitlements_that_keep_a_counter_are_found(forno: Cast, column: str) -> None:
    owed = months.open_entitlements(forno.division, month=NOVEMBER)
    constraints = ["budget_columns_fit_its_kind"]
    if column == "spent":
        constraints.append("budget_never_overspent")
    change(owed, *constraints, **{column: "5.00"})
    theirs = f"budget {owed.pk} of Forno, November 2026"
    assert (theirs, "A budget has what its kind has, and nothing else.") in found()


def test_entitlements_that_keep_a_balance_are_found(forno: Cast) -> None:
    owed = months.open_entitlements(forno.division, month=NOVEMBER)
    entry = ledger.charge_entitlement(
        owed, cost=Decimal("5.00"), actor=forno.agent, request_id=uuid4(), at=NOW
    )
    change(entry, balance_after="-5.00")
    assert money_problems() == [
        Problem(row(entry, "Forno"), OWED, "It is a spend, and says -$5.00 is left.")
    ]


@pytest.mark.parametrize("kind", ["allotment", "top-up"])
def test_entitlements_that_were_given_money_are_found(forno: Cast, kind: str) -> None:
    owed = months.open_entitlements(forno.division, month=NOVEMBER)
    entry = add_entry(owed, kind, "5.00", actor=forno.manager, note="A storm.")
    assert found() == [(row(entry, "Forno"), OWED)]
