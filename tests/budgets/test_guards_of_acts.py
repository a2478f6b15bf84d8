"""The database itself refuses top-ups, loans and give-backs that can't be: raw SQL, both databases.

Each refused row is written once more as it should be, so that nothing else was wrong with it.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from budgets import ledger, months, top_ups
from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from tests.budgets.wrong import NOW, give_back, lend, month_of, spend, top_up
from tests.cast import Cast
from tests.raw_sql import check_now, execute, insert, refused


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00."""
    return month_of(forno)


@pytest.fixture
def colleagues(forno: Cast) -> Budget:
    """Their colleague's month of 120.00."""
    return month_of(forno, "forno.driver2")


@pytest.fixture
def owed(forno: Cast) -> Budget:
    """What the division owes to customers in November."""
    return months.open_entitlements(forno.division, month=date(2026, 11, 1))


def move(budget: Budget, kind: str, amount: str, **columns: Any) -> None:
    """Move the counters and write the entry, each by a statement of its own."""
    moved, table = Decimal(amount), "budgets_budget"
    capped = budget.kind != "entitlements"
    if capped:
        counter, by = ("allotted", moved) if kind in ("top-up", "allotment") else ("spent", -moved)
        execute(f"UPDATE {table} SET {counter} = {counter} + %s WHERE id = %s", by, budget.pk)
    budget.refresh_from_db()
    fitting = {
        "budget_id": budget.pk,
        "kind": kind,
        "amount": moved,
        "balance_after": budget.left if capped else None,
        "request_id": uuid4().hex,
        "note": "Why not.",
        "at": NOW,
    }
    insert("budgets_ledgerentry", **{**fitting, **columns})


def only(
    rule: str, budget: Budget, kind: str, amount: str, wrong: dict[str, Any], **right: Any
) -> None:
    """The database refuses the row with what is wrong, by the named rule, and takes it without."""
    with refused(rule):
        move(budget, kind, amount, **{**right, **wrong})
    move(budget, kind, amount, **right)
    check_now()
    assert list(problems()) == []


BLANK = ["", "  ", "\n\t", " \r\n "]


# --- Top-ups --------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", BLANK)
def test_a_top_up_says_why(month: Budget, forno: Cast, note: str) -> None:
    wrong = {"note": note}
    only("top_up_and_give_back_say_why", month, "top-up", "5.00", wrong, actor_id=forno.manager.pk)


def test_somebody_tops_up(month: Budget, forno: Cast) -> None:
    rule, wrong = "somebody_tops_up_lends_and_gives_back", {"actor_id": None}
    only(rule, month, "top-up", "5.00", wrong, actor_id=forno.manager.pk)


def test_nobody_tops_up_their_own_month(month: Budget, forno: Cast) -> None:
    rule, wrong = "Nobody tops up their own month", {"actor_id": forno.agent.pk}
    only(rule, month, "top-up", "5.00", wrong, actor_id=forno.manager.pk)


def test_entitlements_are_not_topped_up(owed: Budget, forno: Cast) -> None:
    with refused("entitlements have no cap to raise"):
        move(owed, "top-up", "5.00", actor_id=forno.manager.pk)


def test_a_request_tops_a_budget_up_once(month: Budget, forno: Cast) -> None:
    earlier = top_up(month, "5.00", forno)
    wrong = {"request_id": earlier.request_id.hex}
    only(
        # SQLite names the columns
        "topped_up_once_a_request|budget_id, budgets_ledgerentry.request_id",
        month,
        "top-up",
        "5.00",
        wrong,
        actor_id=forno.manager.pk,
    )


def test_a_top_up_concerns_no_entry(month: Budget, forno: Cast) -> None:
    wrong = {"concerns_id": spend(month, "5.00").pk}
    rule = "entry_concerns_what_its_kind_does"
    only(rule, month, "top-up", "5.00", wrong, actor_id=forno.manager.pk)


# --- Give-backs -----------------------------------------------------------------------------------


def returned(entry: LedgerEntry, forno: Cast) -> dict[str, Any]:
    """The columns of a give-back that fits."""
    return {"concerns_id": entry.pk, "actor_id": forno.lead.pk}


@pytest.mark.parametrize("note", BLANK)
def test_a_give_back_says_why(month: Budget, forno: Cast, note: str) -> None:
    entry = spend(month, "5.00")
    rule, wrong = "top_up_and_give_back_say_why", {"note": note}
    only(rule, month, "give-back", "5.00", wrong, **returned(entry, forno))


def test_somebody_gives_back(month: Budget, forno: Cast) -> None:
    entry = spend(month, "5.00")
    rule, wrong = "somebody_tops_up_lends_and_gives_back", {"actor_id": None}
    only(rule, month, "give-back", "5.00", wrong, **returned(entry, forno))


def test_a_give_back_concerns_an_entry(month: Budget, forno: Cast) -> None:
    entry = spend(month, "5.00")
    rule = "entry_concerns_what_its_kind_does|returns what an entry took"
    only(rule, month, "give-back", "5.00", {"concerns_id": None}, **returned(entry, forno))


@pytest.mark.parametrize("amount", ["4.99", "5.01", "0.00"])
def test_a_give_back_is_whole(month: Budget, forno: Cast, amount: str) -> None:
    spend(month, "20.00")
    entry = spend(month, "5.00")
    with refused("returns what an entry took, whole"):
        move(month, "give-back", amount, **returned(entry, forno))
    move(month, "give-back", "5.00", **returned(entry, forno))
    assert list(problems()) == []


def test_a_give_back_goes_to_the_same_budget(
    month: Budget, colleagues: Budget, forno: Cast
) -> None:
    theirs, own = spend(colleagues, "5.00"), spend(month, "5.00")
    with refused("to the same budget"):
        move(colleagues, "give-back", "5.00", **returned(own, forno))
    move(colleagues, "give-back", "5.00", **returned(theirs, forno))
    assert list(problems()) == []


def test_a_top_up_or_a_give_back_is_not_given_back(month: Budget, forno: Cast) -> None:
    spend(month, "20.00")
    others = [top_up(month, "5.00", forno), *give_back(spend(month, "5.00"), forno)]
    for other in [*others, month.entries.earliest("pk")]:
        with refused("returns what an entry took"):
            move(month, "give-back", "5.00", **returned(other, forno))


def test_money_is_given_back_once(month: Budget, forno: Cast) -> None:
    spend(month, "20.00")
    entry = spend(month, "5.00")
    give_back(entry, forno)
    with refused("given_back_once|UNIQUE constraint failed: budgets_ledgerentry.concerns_id"):
        move(month, "give-back", "5.00", **returned(entry, forno))


def test_an_entitlement_is_given_back_whole_too(owed: Budget, forno: Cast) -> None:
    entry = ledger.charge_entitlement(
        owed, cost=Decimal("5.00"), actor=forno.agent, request_id=uuid4(), at=NOW
    )
    with refused("returns what an entry took, whole"):
        move(owed, "give-back", "4.00", **returned(entry, forno))
    move(owed, "give-back", "5.00", **returned(entry, forno))
    assert list(problems()) == []


# --- Loans ----------------------------------------------------------------------------------------


def lent(entry: LedgerEntry, forno: Cast) -> dict[str, Any]:
    """The columns of a loan that fits."""
    return {"concerns_id": entry.pk, "actor_id": forno.colleague.pk}


def test_somebody_lends(month: Budget, colleagues: Budget, forno: Cast) -> None:
    entry = spend(month, "5.00")
    rule, wrong = "somebody_tops_up_lends_and_gives_back", {"actor_id": None}
    only(rule, colleagues, "lent", "-5.00", wrong, **lent(entry, forno))


def test_a_loan_concerns_a_spend(month: Budget, colleagues: Budget, forno: Cast) -> None:
    entry = spend(month, "5.00")
    others = [month.entries.earliest("pk"), top_up(month, "5.00", forno), None]
    for other in others:
        wrong = {"concerns_id": other and other.pk}
        with refused("towards a spend|entry_concerns_what_its_kind_does"):
            move(colleagues, "lent", "-5.00", **{**lent(entry, forno), **wrong})
    move(colleagues, "lent", "-5.00", **lent(entry, forno))
    assert list(problems()) == []


def test_nobody_lends_to_themselves(month: Budget, colleagues: Budget, forno: Cast) -> None:
    entry = spend(month, "5.00")
    with refused("by someone else"):
        move(month, "lent", "-5.00", **lent(entry, forno))
    move(colleagues, "lent", "-5.00", **lent(entry, forno))


def test_another_division_does_not_lend(
    month: Budget, colleagues: Budget, forno: Cast, scm: Cast
) -> None:
    entry = spend(month, "5.00")
    with refused("of the division"):
        move(months.open_month(scm.agent, at=NOW), "lent", "-5.00", **lent(entry, forno))
    move(colleagues, "lent", "-5.00", **lent(entry, forno))


def test_entitlements_and_funds_do_not_lend(month: Budget, owed: Budget, forno: Cast) -> None:
    fund = top_ups.open_fund(
        forno.division,
        name="Storm",
        amount=Decimal("50.00"),
        actor=forno.manager,
        request_id=uuid4(),
        at=NOW,
    )
    entry = spend(month, "5.00")
    for budget in (owed, fund):
        with refused("out of a month"):
            move(budget, "lent", "-5.00", **lent(entry, forno))


def test_nothing_is_lent_towards_a_spend_that_was_given_back(
    month: Budget, colleagues: Budget, forno: Cast
) -> None:
    entry, stands = spend(month, "5.00"), spend(month, "6.00")
    give_back(entry, forno)
    with refused("towards a spend"):
        move(colleagues, "lent", "-5.00", **lent(entry, forno))
    move(colleagues, "lent", "-5.00", **lent(stands, forno))
    assert list(problems()) == []


def test_a_spend_concerns_no_entry(month: Budget, forno: Cast) -> None:
    entry = spend(month, "5.00")
    rule, wrong = "entry_concerns_what_its_kind_does", {"concerns_id": entry.pk}
    only(rule, month, "spend", "-5.00", wrong, actor_id=forno.agent.pk)


@pytest.mark.parametrize(("kind", "amount"), [("give-back", "-5.00"), ("lent", "5.00")])
def test_an_entry_moves_money_the_way_its_kind_says(
    month: Budget, colleagues: Budget, forno: Cast, kind: str, amount: str
) -> None:
    entry = spend(month, "5.00")
    spend(colleagues, "5.00")
    budget = month if kind == "give-back" else colleagues
    with refused("entry_sign_fits_its_kind|returns what an entry took"):
        move(budget, kind, amount, **returned(entry, forno))


def test_an_entry_is_of_a_kind_there_is(month: Budget) -> None:
    with refused("entry_sign_fits_its_kind|entry_concerns_what_its_kind_does"):
        move(month, "gift", "-5.00")


# --- Allotments, and the base ---------------------------------------------------------------------


def test_a_month_has_one_allotment(month: Budget, forno: Cast) -> None:
    with refused("begins with its allotment, and has no other"):
        move(month, "allotment", "5.00")


def test_a_fund_begins_with_its_allotment(forno: Cast) -> None:
    fund = Budget.objects.create(kind="fund", division=forno.division, name="Storm")
    for kind, amount in (("top-up", "5.00"), ("spend", "0.00")):
        with refused("begins with its allotment, and has no other"):
            move(fund, kind, amount, actor_id=forno.manager.pk)
    move(fund, "allotment", "5.00", actor_id=forno.manager.pk)
    assert list(problems()) == []


def test_entitlements_have_no_allotment(owed: Budget) -> None:
    with refused("begins with its allotment, and has no other"):
        move(owed, "allotment", "5.00")


@pytest.mark.parametrize("base", ["-0.01", "120.01"])
def test_the_base_is_a_part_of_what_a_month_is_allotted(month: Budget, base: str) -> None:
    with refused("base_is_a_part_of_a_months_allotted"):
        execute("UPDATE budgets_budget SET base = %s", Decimal(base))
    month.refresh_from_db()
    assert month.base == 120


def test_only_a_month_has_a_base(owed: Budget) -> None:
    with refused("base_is_a_part_of_a_months_allotted"):
        execute("UPDATE budgets_budget SET base = %s", Decimal("0.01"))


def test_what_was_lent_out_is_never_changed(month: Budget, colleagues: Budget, forno: Cast) -> None:
    entry = lend(colleagues, "5.00", spend(month, "5.00"))
    for column, value in (("concerns_id", entry.pk), ("actor_id", forno.lead.pk)):
        with refused("never changed or deleted"):
            execute(f"UPDATE budgets_ledgerentry SET {column} = %s WHERE id = %s", value, entry.pk)
