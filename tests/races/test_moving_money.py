"""Top-ups, give-backs and loans at the same moment: each once, none lost, nobody in a circle."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, OperationalError, transaction

from budgets import ledger, months, top_ups
from budgets.check import problems
from budgets.errors import BudgetExhausted, GivenBackAlready
from budgets.models import Budget, EntryKind, LedgerEntry
from tests.budgets.wrong import give_back, lend, month_of, spend, top_up
from tests.cast import Cast
from tests.putting_right import NOW
from tests.races.together import raised, succeeded, together, without_constraint

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TOPPED_UP_ONCE = (
    "budgets_ledgerentry",
    "topped_up_once_a_request",
    """CREATE UNIQUE INDEX topped_up_once_a_request ON budgets_ledgerentry (budget_id, request_id)
    WHERE kind = 'top-up'""",
)
GIVEN_BACK_ONCE = (
    "budgets_ledgerentry",
    "given_back_once",
    """CREATE UNIQUE INDEX given_back_once ON budgets_ledgerentry (concerns_id)
    WHERE kind = 'give-back'""",
)
LONG_ENOUGH = 0.3  # seconds: everyone else has looked by then


@contextmanager
def no_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever holds a budget only reads it, and lingers before writing: all others look too."""
    write, add = ledger.write, LedgerEntry.objects.bulk_create

    def only_look(numbers: Iterable[int]) -> dict[int, Budget]:
        rows = Budget.objects.select_related("division").filter(pk__in=set(numbers))
        return {budget.pk: budget for budget in rows}

    def write_later(*args: Any, **columns: Any) -> LedgerEntry:
        time.sleep(LONG_ENOUGH)
        return write(*args, **columns)

    def add_later(entries: Iterable[LedgerEntry], *args: Any) -> list[LedgerEntry]:
        time.sleep(LONG_ENOUGH)
        return add(entries, *args)

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "hold", only_look)
        patch.setattr(ledger, "write", write_later)
        patch.setattr(top_ups, "hold", only_look)
        patch.setattr(LedgerEntry.objects, "bulk_create", add_later)
        yield


def topping_up(month: Budget, forno: Cast, request_id: UUID) -> Callable[[], LedgerEntry]:
    return lambda: top_ups.top_up(
        Budget.objects.select_related("employee__team", "division").get(pk=month.pk),
        amount=Decimal("40.00"),
        actor=forno.manager,
        reason="A storm.",
        request_id=request_id,
        at=NOW,
    )


def counters(budget: Budget) -> tuple[Decimal, Decimal]:
    budget.refresh_from_db()
    return budget.allotted, budget.spent


# --- The same thing many times --------------------------------------------------------------------


def test_the_same_top_up_sixteen_times_is_one(forno: Cast) -> None:
    month = month_of(forno)
    outcomes = together([topping_up(month, forno, uuid4())] * 16)

    assert raised(outcomes) == []
    assert len({entry.pk for entry in outcomes}) == 1
    assert counters(month) == (160, 0)
    assert list(problems()) == []


def test_without_the_lock_the_key_alone_holds_it(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = month_of(forno)
    with no_locks(monkeypatch):
        outcomes = together([topping_up(month, forno, uuid4())] * 4)

    assert len(succeeded(outcomes)) == 1
    assert {type(error) for error in raised(outcomes)} == {IntegrityError}
    assert counters(month) == (160, 0)
    assert list(problems()) == []


def test_without_lock_and_key_the_balance_holds_it(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All four have read the month before: only the first one's balance is still true."""
    month = month_of(forno)
    with no_locks(monkeypatch), without_constraint(*TOPPED_UP_ONCE):
        outcomes = together([topping_up(month, forno, uuid4())] * 4)
        assert len(raised(outcomes)) == 3
        assert counters(month) == (160, 0)


def test_sixteen_top_ups_are_all_there(forno: Cast) -> None:
    month = month_of(forno)
    outcomes = together([topping_up(month, forno, uuid4()) for _ in range(16)])

    assert raised(outcomes) == []
    assert counters(month) == (120 + 16 * 40, 0)
    assert list(problems()) == []


def test_an_entry_given_back_sixteen_times_at_once_returns_once(forno: Cast) -> None:
    month, colleagues = month_of(forno), month_of(forno, "forno.driver2")
    entry = spend(month, "5.00")
    lend(colleagues, "7.00", entry)

    outcomes = together([lambda: give_back(entry, forno)] * 16)

    assert len(succeeded(outcomes)) == 1
    assert {type(error) for error in raised(outcomes)} == {GivenBackAlready}
    assert (counters(month), counters(colleagues)) == ((120, 0), (120, 0))
    assert list(problems()) == []


def test_without_the_lock_the_key_alone_gives_it_back_once(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = month_of(forno)
    entry = spend(month, "5.00")
    spend(month, "50.00")
    with no_locks(monkeypatch):
        outcomes = together([lambda: give_back(entry, forno)] * 4)

    assert len(succeeded(outcomes)) == 1
    assert {type(error) for error in raised(outcomes)} == {IntegrityError}
    assert counters(month) == (120, 50)
    assert list(problems()) == []


def test_without_lock_and_key_it_would_return_more_than_once(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real, and the test would notice it."""
    month = month_of(forno)
    entry = spend(month, "5.00")
    spend(month, "50.00")
    with no_locks(monkeypatch), without_constraint(*GIVEN_BACK_ONCE):
        together([lambda: give_back(entry, forno)] * 4)
        assert counters(month)[1] < 50


def test_what_was_owed_returns_once_though_no_counter_is_moved(forno: Cast) -> None:
    owed = months.open_entitlements(forno.division, month=NOW.date().replace(day=1))
    entry = ledger.charge_entitlement(
        owed, cost=Decimal("5.00"), actor=forno.agent, request_id=uuid4(), at=NOW
    )

    outcomes = together([lambda: give_back(entry, forno)] * 4)

    assert len(succeeded(outcomes)) == 1
    assert {type(error) for error in raised(outcomes)} == {GivenBackAlready}
    assert list(problems()) == []


# --- Crossing -------------------------------------------------------------------------------------


@pytest.fixture
def two(forno: Cast) -> tuple[Budget, Budget]:
    """Two drivers' months of 120.00."""
    return month_of(forno), month_of(forno, "forno.driver2")


def lent_to_each_other(two: tuple[Budget, Budget]) -> list[LedgerEntry]:
    """A spend of each, with a part lent by the other."""
    mine, yours = two
    spends = [spend(mine, "1.00"), spend(yours, "1.00")]
    lend(yours, "2.00", spends[0])
    lend(mine, "2.00", spends[1])
    return spends


def test_give_backs_that_cross_do_not_wait_for_each_other(
    forno: Cast, two: tuple[Budget, Budget]
) -> None:
    spends = [entry for _ in range(8) for entry in lent_to_each_other(two)]

    outcomes = together(
        [lambda entry=entry: give_back(entry, forno) for entry in spends]  # type: ignore[misc]
    )

    assert raised(outcomes) == []
    assert [counters(month) for month in two] == [(120, 0), (120, 0)]
    assert list(problems()) == []


def test_without_one_order_they_would(
    forno: Cast, two: tuple[Budget, Budget], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The circle above is real, and the test would notice it."""
    spends = lent_to_each_other(two)
    with no_locks(monkeypatch):
        outcomes = together(
            [lambda entry=entry: give_back(entry, forno) for entry in spends]  # type: ignore[misc]
        )
    assert {type(error) for error in raised(outcomes)} == {OperationalError}


def borrow(
    month: Budget, lender: Budget, before_lending: Callable[[], Any] = lambda: None
) -> LedgerEntry:
    """Spend 1.00 of one's own and 2.00 of a colleague's, in one transaction that holds both."""
    with transaction.atomic():
        ledger.hold([month.pk, lender.pk])
        entry = spend(month, "1.00")
        before_lending()
        return lend(lender, "2.00", entry)


def test_two_who_lend_to_each_other_do_not_wait_for_each_other(
    forno: Cast, two: tuple[Budget, Budget]
) -> None:
    outcomes = together([lambda: borrow(*two), lambda: borrow(two[1], two[0])] * 8)

    assert raised(outcomes) == []
    assert [counters(month) for month in two] == [(120, 24), (120, 24)]
    assert list(problems()) == []


def test_if_they_did_not_hold_both_first_they_would(
    forno: Cast, two: tuple[Budget, Budget], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The circle above is real, and the test would notice it."""
    both_have_spent = Barrier(2)
    monkeypatch.setattr(ledger, "hold", lambda _: {})
    outcomes = together(
        [
            lambda: borrow(*two, both_have_spent.wait),
            lambda: borrow(two[1], two[0], both_have_spent.wait),
        ]
    )
    assert {type(error) for error in raised(outcomes)} == {OperationalError}


# --- Everything at once ---------------------------------------------------------------------------


def test_spending_while_money_comes_and_goes_leaves_the_sums_right(
    forno: Cast, two: tuple[Budget, Budget]
) -> None:
    """120.00, and two top-ups of 40.00: never is more spent than is there, and nothing is lost."""
    month, colleagues = two
    given_back = [spend(month, "10.00") for _ in range(12)]
    for entry in given_back[:4]:
        lend(colleagues, "1.00", entry)

    outcomes = together(
        [
            *[lambda entry=entry: give_back(entry, forno) for entry in given_back],
            *[lambda: spend(Budget.objects.get(pk=month.pk), "15.00")] * 12,
            *[topping_up(month, forno, uuid4()), topping_up(month, forno, uuid4())],
        ]
    )

    assert {type(error) for error in raised(outcomes)} <= {BudgetExhausted}
    spent = [entry for entry in succeeded(outcomes)[12:] if entry.kind == EntryKind.SPEND]
    assert counters(month) == (200, 15 * len(spent))
    assert counters(colleagues) == (120, 0)
    assert list(problems()) == []


def test_a_top_up_reaches_whoever_waits_for_it(forno: Cast) -> None:
    """What was refused before the top-up is allowed right after it, by the same old view."""
    month = month_of(forno)
    spend(month, "120.00")
    old_view = Budget.objects.get(pk=month.pk)
    together([lambda: top_up(month, "10.00", forno)])
    assert spend(old_view, "10.00").balance_after == 0
    assert list(problems()) == []
