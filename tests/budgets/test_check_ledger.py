"""`check_ledger` finds every kind of corruption by its row; the guards are down to make it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets import check, ledger, months, top_ups
from budgets.check import Problem, problems
from budgets.models import Budget, BudgetKind, LedgerCheck, LedgerEntry
from budgets.open_many import open_months
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
from tests.raw_sql import check_now, execute, guards_down

SPENT = "What is spent is what its entries took, less what they gave back."
ALLOTTED = "What is allotted is its allotment and its top-ups."
BALANCE = "Its balance is the one before it and its amount."


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00 in which 5.00 was spent three times."""
    budget = month_of(forno)
    for _ in range(3):
        spend(budget, "5.00")
    return budget


@pytest.fixture
def row(month: Budget) -> str:
    return f"budget {month.pk} of forno.driver1, November 2026"


def entries(budget: Budget) -> list[LedgerEntry]:
    return list(budget.entries.order_by("id"))


def test_a_ledger_that_adds_up_has_no_problems(month: Budget, forno: Cast, scm: Cast) -> None:
    open_months(at=NOW)
    fund = top_ups.open_fund(
        forno.division,
        name="Storm",
        amount=Decimal("500.00"),
        actor=forno.manager,
        request_id=uuid4(),
        at=NOW,
    )
    top_up(fund, "50.00", forno)
    top_up(month, "10.00", forno)
    towards = spend(month, "18.00")
    lend(month_of(forno, "forno.driver2"), "12.00", towards)
    give_back(towards, forno)
    owed = months.open_entitlements(forno.division, month=date(2026, 11, 1))
    charged = ledger.charge_entitlement(
        owed, cost=Decimal("5.00"), actor=forno.agent, request_id=uuid4(), at=NOW
    )
    give_back(charged, forno)

    assert list(problems()) == []
    assert list(problems(date(2026, 11, 1))) == []


def test_an_overspent_budget_is_found(month: Budget, row: str) -> None:
    change(month, "budget_never_overspent", spent="120.01")

    assert money_problems() == [
        Problem(
            row,
            "At most what is allotted and the grace is spent.",
            "It has base $120.00, allotted $120.00, spent $120.01, grace $0.00.",
        ),
        Problem(row, SPENT, "It says $120.01; $15.00 would be right."),
    ]


def test_a_counter_moved_without_an_entry_is_found(month: Budget, row: str) -> None:
    change(month, spent="14.99")
    assert money_problems() == [Problem(row, SPENT, "It says $14.99; $15.00 would be right.")]


def test_counters_that_moved_together_are_found_though_what_is_left_is_right(
    month: Budget, row: str
) -> None:
    change(month, spent="25.00", allotted="130.00")

    assert money_problems() == [
        Problem(row, SPENT, "It says $25.00; $15.00 would be right."),
        Problem(row, ALLOTTED, "It says $130.00; $120.00 would be right."),
    ]


def test_an_entry_whose_amount_was_changed_is_found_and_no_other(month: Budget, row: str) -> None:
    changed = entries(month)[2]
    change(changed, amount="-4.99")

    assert money_problems() == [
        Problem(row, SPENT, "It says $15.00; $14.99 would be right."),
        Problem(
            f"entry {changed.pk} in {row}", BALANCE, "It says $110.00; $110.01 would be right."
        ),
    ]


def test_an_entry_that_was_deleted_is_found(month: Budget, row: str) -> None:
    deleted, later = entries(month)[2:]
    with guards_down("budgets_ledgerentry"):
        execute("DELETE FROM budgets_ledgerentry WHERE id = %s", deleted.pk)

    assert found() == [(row, SPENT), (f"entry {later.pk} in {row}", BALANCE)]


def test_an_entry_that_says_the_wrong_balance_is_found(month: Budget, row: str) -> None:
    wrong = entries(month)[3]
    change(wrong, balance_after="115.01")

    assert money_problems() == [
        Problem(f"entry {wrong.pk} in {row}", BALANCE, "It says $115.01; $105.00 would be right.")
    ]


def test_an_entry_without_a_balance_is_found(month: Budget, row: str) -> None:
    wrong = entries(month)[3]
    change(wrong, balance_after=None)

    assert money_problems() == [
        Problem(f"entry {wrong.pk} in {row}", BALANCE, "It says nothing; $105.00 would be right.")
    ]


def test_an_entry_that_was_moved_to_another_budget_is_found(
    month: Budget, row: str, forno: Cast
) -> None:
    other = month_of(forno, "forno.driver2")
    moved = spend(month, "5.00")
    change(moved, budget_id=other.pk)

    theirs = f"budget {other.pk} of forno.driver2, November 2026"
    assert found() == [(row, SPENT), (theirs, SPENT), (f"entry {moved.pk} in {theirs}", BALANCE)]


def test_a_month_opened_without_its_allotment_is_found(month: Budget, forno: Cast) -> None:
    with guards_down("budgets_budget"):
        bare = Budget.objects.create(
            kind=BudgetKind.MONTH,
            division=forno.division,
            employee=forno.agent,
            month=date(2026, 12, 1),
        )

    assert money_problems() == [
        Problem(
            f"budget {bare.pk} of forno.driver1, December 2026",
            "It has one allotment.",
            "It has 0; 1 would be right.",
        )
    ]


def test_a_fund_without_its_allotment_is_found(forno: Cast) -> None:
    fund = Budget.objects.create(kind=BudgetKind.FUND, division=forno.division, name="Storm")
    assert found() == [(f"budget {fund.pk} of Forno, Storm", "It has one allotment.")]


def test_a_second_allotment_is_found(month: Budget, row: str) -> None:
    add_entry(month, "allotment", "0.00", balance_after=month.left)
    assert money_problems() == [
        Problem(row, "It has one allotment.", "It has 2; 1 would be right.")
    ]


def test_an_allotment_that_is_not_the_first_entry_is_found(month: Budget, row: str) -> None:
    allotment, first_spend = entries(month)[:2]
    with guards_down("budgets_ledgerentry"):
        execute(
            "UPDATE budgets_ledgerentry SET id = %s WHERE id = %s", first_spend.pk + 9, allotment.pk
        )

    what = f"The first is entry {first_spend.pk}; entry {first_spend.pk + 9} would be right."
    assert Problem(row, "Its first entry is its allotment.", what) in money_problems()


def test_a_base_that_its_allotment_does_not_make_is_found(month: Budget, row: str) -> None:
    rule = "Its base is not less than its allotment."
    change(month, base="119.99")
    assert money_problems() == [
        Problem(row, rule, "It is $119.99; at least $120.00 would be right.")
    ]


def test_only_the_month_that_is_asked_for_is_looked_at_and_the_funds(
    month: Budget, row: str, forno: Cast
) -> None:
    october = months.open_month(forno.agent, at=datetime(2026, 10, 21, tzinfo=UTC))
    fund = Budget.objects.create(kind=BudgetKind.FUND, division=forno.division, name="Storm")
    change(october, spent="1.00")
    wrong = entries(month)[3]
    change(wrong, balance_after=None)

    def rows(asked: date | None) -> list[str]:
        return [p.row for p in problems(asked) if not p.row.startswith("trigger")]

    in_october = f"budget {october.pk} of forno.driver1, October 2026"
    in_fund = f"budget {fund.pk} of Forno, Storm"
    assert rows(date(2026, 10, 1)) == [in_october, in_fund]
    assert rows(date(2026, 11, 1)) == [in_fund, f"entry {wrong.pk} in {row}"]
    assert sorted(rows(None)) == sorted([in_october, in_fund, f"entry {wrong.pk} in {row}"])


def test_a_guard_that_is_missing_is_found(month: Budget) -> None:
    check_now()
    table = " ON budgets_ledgerentry" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER leeway_budgets_ledgerentry_update{table}")

    assert list(problems()) == [
        Problem(
            "trigger budgets_ledgerentry_update", "The database keeps this rule.", "Run migrate."
        )
    ]


def test_a_larger_ledger_takes_as_many_queries(month: Budget, forno: Cast, scm: Cast) -> None:
    with CaptureQueriesContext(connection) as small:
        list(problems())
    open_months(at=NOW)
    for _ in range(5):
        spend(month_of(forno, "forno.driver2"), "1.00")
    with CaptureQueriesContext(connection) as large:
        list(problems())
    assert len(large) == len(small)


def test_a_higher_app_adds_its_own_proof(month: Budget, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Problem("case F-2051", "It cost what its entries took.")
    monkeypatch.setattr(check, "PROOFS", [*check.PROOFS, lambda _month: iter([ours])])
    assert list(problems()) == [ours]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("check_ledger", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_says_that_the_ledger_adds_up(month: Budget) -> None:
    assert run() == "The ledger adds up: 4 entries.\n"
    assert run("--month", "2026-11") == "The ledger adds up: 4 entries.\n"
    assert run("--month=2026-10") == "The ledger adds up: 0 entries.\n"


def test_the_command_names_each_row_and_fails(month: Budget, row: str) -> None:
    wrong = entries(month)[3]
    change(wrong, balance_after=None)
    said = StringIO()

    with pytest.raises(CommandError, match="The ledger does not add up") as failure:
        call_command("check_ledger", "--month", "2026-11", stderr=said)

    assert failure.value.returncode == 1
    words = f"entry {wrong.pk} in {row}: {BALANCE} It says nothing; $105.00 would be right.\n"
    assert words in said.getvalue()


def test_the_command_is_kept_as_a_check_of_all_and_not_of_one_month(month: Budget) -> None:
    run("--month", "2026-11")
    assert not LedgerCheck.objects.exists()
    run()
    kept = LedgerCheck.objects.get()
    assert (kept.entries, kept.problems, kept.found) == (4, 0, [])


@pytest.mark.parametrize("typed", ["November", "2026", "2026-13", "2026-11-21", "11-2026", ""])
def test_a_month_that_is_none_is_refused_kindly(db: None, typed: str) -> None:
    with pytest.raises(CommandError, match="is not a month: write one such as 2026-11"):
        run(f"--month={typed}")
