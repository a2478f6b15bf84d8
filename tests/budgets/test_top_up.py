"""A manager adds to a month or a fund, with a reason: once, in time, and never to their own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from budgets import months, top_ups
from budgets.check import problems
from budgets.errors import (
    BudgetsError,
    InvalidMovement,
    MonthIsOver,
    NotTheirMoney,
    RequestConflict,
)
from budgets.ledger import checked_reason
from budgets.models import NOTE_LENGTH, Budget, EntryKind, LedgerEntry
from budgets.top_ups import MOST
from employees.models import Employee, Role
from employees.own_authority import EmployeesError, OwnAuthority
from tests.budgets.wrong import NOW, month_of, spend
from tests.cast import Cast
from tests.putting_right import rows_written

WHY = "A storm keeps everyone busy."
# Australia/Sydney is eleven hours ahead in November.
LAST_OF_NOVEMBER_IN_SYDNEY = datetime(2026, 11, 30, 12, 59, 59, tzinfo=UTC)


def top_up(budget: Budget, amount: str, actor: Employee, **more: Any) -> LedgerEntry:
    """Top up with a good reason, by a request of its own."""
    return top_ups.top_up(
        budget,
        amount=Decimal(amount),
        actor=actor,
        **{"reason": WHY, "request_id": uuid4(), "at": NOW, **more},
    )


def refused(
    error: type[Exception], budget: Budget, amount: str, actor: Employee, **more: Any
) -> Any:
    """Expect a refusal that leaves everything as it was; give the error."""
    before = rows_written()
    with pytest.raises(error) as refusal:
        top_up(budget, amount, actor, **more)
    assert rows_written() == before
    assert list(problems()) == []
    return refusal.value


def add_forty(budgets: list[Budget], actor: Employee, request_id: UUID) -> list[LedgerEntry]:
    """Top up each of them in one request."""
    told = {"amount": Decimal("40.00"), "reason": WHY, "at": NOW}
    return top_ups.top_up_each(budgets, actor=actor, request_id=request_id, **told)  # type: ignore[arg-type]


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00, all spent."""
    budget = month_of(forno)
    spend(budget, "120.00")
    return budget


def test_a_month_that_is_used_up_goes_on(month: Budget, forno: Cast) -> None:
    request_id = uuid4()
    entry = top_up(month, "40.00", forno.manager, request_id=request_id)

    entry.refresh_from_db()
    assert (entry.kind, entry.amount, entry.balance_after, entry.concerns) == (
        EntryKind.TOP_UP,
        Decimal("40.00"),
        Decimal("40.00"),
        None,
    )
    assert (entry.actor, entry.note, entry.request_id, entry.at) == (
        forno.manager,
        WHY,
        request_id,
        NOW,
    )
    month.refresh_from_db()
    assert (month.base, month.allotted, month.spent) == (120, 160, 120)
    spend(month, "40.00")
    assert list(problems()) == []


def test_it_is_for_this_month_only(month: Budget, forno: Cast) -> None:
    top_up(month, "40.00", forno.manager)
    december = months.open_month(forno.agent, at=NOW + timedelta(days=15))
    assert (december.base, december.allotted) == (120, 120)


def test_a_fund_is_topped_up_too(forno: Cast) -> None:
    fund = top_ups.open_fund(
        forno.division,
        name="Storm",
        amount=Decimal("500.00"),
        actor=forno.manager,
        request_id=uuid4(),
        at=NOW,
    )
    assert top_up(fund, "50.00", forno.manager).balance_after == Decimal("550.00")
    assert list(problems()) == []


def test_the_same_request_tops_up_once(month: Budget, forno: Cast) -> None:
    request_id = uuid4()
    first = top_up(month, "40.00", forno.manager, request_id=request_id)
    spend(month, "10.00")
    again = top_up(
        Budget.objects.get(pk=month.pk),
        "40",
        forno.manager,
        reason=f"  {WHY}\n",
        request_id=request_id,
    )

    assert again == first
    month.refresh_from_db()
    assert (month.allotted, month.entries.filter(kind=EntryKind.TOP_UP).count()) == (160, 1)


def test_the_same_request_is_answered_though_the_month_is_over(month: Budget, forno: Cast) -> None:
    request_id = uuid4()
    first = top_up(month, "40.00", forno.manager, request_id=request_id)
    late = NOW + timedelta(days=30)
    assert top_up(month, "40.00", forno.manager, request_id=request_id, at=late) == first


@pytest.mark.parametrize(
    ("amount", "more"), [("40.01", {}), ("40.00", {"reason": "Another."})], ids=str
)
def test_the_same_request_with_other_contents_is_refused(
    month: Budget, forno: Cast, amount: str, more: dict[str, Any]
) -> None:
    request_id = uuid4()
    top_up(month, "40.00", forno.manager, request_id=request_id)
    refused(RequestConflict, month, amount, forno.manager, request_id=request_id, **more)


def test_the_same_request_by_someone_else_is_refused(month: Budget, forno: Cast) -> None:
    request_id = uuid4()
    top_up(month, "40.00", forno.manager, request_id=request_id)
    another = Employee.objects.create(
        username="forno.manager2", role=Role.MANAGER, division=forno.division
    )
    refused(RequestConflict, month, "40.00", another, request_id=request_id)


def test_one_request_tops_up_several_months(month: Budget, forno: Cast) -> None:
    """A manager chooses ten people in the list: each month is topped up once."""
    request_id, other = UUID(int=7), month_of(forno, "forno.driver2")
    for _ in range(2):
        add_forty([month, other], forno.manager, request_id)
    with pytest.raises(RequestConflict):
        add_forty([month], forno.manager, request_id)
    for budget in (month, other):
        budget.refresh_from_db()
        assert budget.allotted == 160
    assert list(problems()) == []


@pytest.mark.once
@pytest.mark.parametrize("amount", ["0", "-1.00", "NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_adds_nothing_is_refused_with_an_example(
    month: Budget, forno: Cast, amount: str
) -> None:
    refusal = refused(InvalidMovement, month, amount, forno.manager)
    assert refusal.errors == {"amount": ["Write an amount above zero, such as $1.00."]}


@pytest.mark.once
@pytest.mark.parametrize(
    ("currency", "amount", "words"),
    [
        ("USD", "0.001", "USD has 2 decimal places; 0.001 has more."),
        ("JPY", "10.5", "JPY has 0 decimal places; 10.5 has more."),
        ("KWD", "1.0005", "KWD has 3 decimal places; 1.0005 has more."),
    ],
)
def test_an_amount_in_broken_coins_is_refused(
    forno: Cast, currency: str, amount: str, words: str
) -> None:
    forno.division.currency = currency
    forno.division.save()
    refusal = refused(InvalidMovement, month_of(forno), amount, forno.manager)
    assert refusal.errors == {"amount": [words]}


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "10"), ("KWD", "1.005")])
def test_a_month_is_topped_up_in_its_currencys_own_places(
    forno: Cast, currency: str, amount: str
) -> None:
    forno.division.currency = currency
    forno.division.save()
    assert top_up(month_of(forno), amount, forno.manager).amount == Decimal(amount)
    assert list(problems()) == []


@pytest.mark.parametrize("amount", [str(MOST), "1E+30", "99999999999999999999999.99"])
def test_a_huge_amount_is_a_slip(month: Budget, forno: Cast, amount: str) -> None:
    refusal = refused(InvalidMovement, month, amount, forno.manager)
    assert refusal.errors == {"amount": ["A budget must stay below $1,000,000,000.00: write less."]}


def test_many_large_amounts_do_not_grow_past_what_a_budget_holds(
    month: Budget, forno: Cast
) -> None:
    top_up(month, "999999879.99", forno.manager)
    month.refresh_from_db()
    refusal = refused(InvalidMovement, month, "0.01", forno.manager)
    assert "must stay below" in str(refusal)


@pytest.mark.once
@pytest.mark.parametrize("reason", ["", "   ", "\n\t\r\n", "\N{NO-BREAK SPACE}"])
def test_without_a_reason_nothing_is_added(month: Budget, forno: Cast, reason: str) -> None:
    refusal = refused(InvalidMovement, month, "40.00", forno.manager, reason=reason)
    assert refusal.errors == {"reason": ["Write why, in a line: whoever reads it later asks."]}


def test_a_reason_is_a_line_and_not_a_letter(month: Budget, forno: Cast) -> None:
    long = "x" * (NOTE_LENGTH + 1)
    refusal = refused(InvalidMovement, month, "40.00", forno.manager, reason=long)
    assert refusal.errors == {"reason": ["Write at most 200 characters; these are 201."]}
    top_up(month, "40.00", forno.manager, reason=long[1:])


def test_a_reason_is_kept_in_one_line() -> None:
    assert checked_reason("  A storm\n keeps\teveryone  busy. ") == "A storm keeps everyone busy."


@pytest.mark.parametrize("who", ["agent", "lead", "finance", "admin"])
def test_only_a_manager_tops_up(
    month: Budget, forno: Cast, head_office: dict[str, Employee], who: str
) -> None:
    everyone = {"agent": forno.colleague, "lead": forno.lead, **head_office}
    refused(NotTheirMoney, month, "40.00", everyone[who])


def test_another_divisions_manager_does_not(month: Budget, scm: Cast) -> None:
    refused(NotTheirMoney, month, "40.00", scm.manager)


def test_a_manager_who_left_does_not(month: Budget, forno: Cast) -> None:
    forno.manager.is_active = False
    refused(NotTheirMoney, month, "40.00", forno.manager)


def test_nobody_tops_up_their_own_month(forno: Cast) -> None:
    forno.manager.tier = forno.tiers["Shift lead"]
    own = months.open_month(forno.manager, at=NOW)
    refusal = refused(OwnAuthority, own, "40.00", forno.manager)
    assert isinstance(refusal, EmployeesError)
    assert not isinstance(refusal, BudgetsError)


def test_a_month_that_is_over_is_not_topped_up(scm: Cast) -> None:
    month = months.open_month(scm.agent, at=NOW)
    assert top_up(month, "1.00", scm.manager, at=LAST_OF_NOVEMBER_IN_SYDNEY)
    midnight = LAST_OF_NOVEMBER_IN_SYDNEY + timedelta(seconds=1)
    refused(MonthIsOver, month, "1.00", scm.manager, at=midnight)


def test_it_is_added_to_what_is_there_now_and_not_to_what_was_seen(
    month: Budget, forno: Cast
) -> None:
    seen = Budget.objects.get(pk=month.pk)
    top_up(month, "40.00", forno.manager)
    spend(month, "30.00")
    assert top_up(seen, "5.00", forno.manager).balance_after == Decimal("15.00")
    assert list(problems()) == []
