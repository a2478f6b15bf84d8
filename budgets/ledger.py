"""The ledger: every movement of money, written here and in `months.py` and nowhere else.

What must stay true (the database holds each of these too, see `models.py` and `guards.py`):

- A budget is never overspent, under any number of simultaneous requests: money is taken by one
  guarded UPDATE, and the entry that says so is written in the same transaction.
- Every movement is an entry; entries are never changed. What could not be carried out is given
  back by an entry of its own, once, to the budget that it came from, in whichever month.
- Nobody tops up their own budget, and nobody lends to themselves.

All amounts are in the division's currency, at cost. Every act here but `charge_entitlement` moves
a counter and writes an entry: the caller holds a transaction, or the act opens one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from budgets.errors import (
    BudgetExhausted,
    GivenBackAlready,
    InvalidMovement,
    MonthIsOver,
    NotTheirMoney,
    RequestConflict,
)
from budgets.models import NOTE_LENGTH, Budget, BudgetKind, EntryKind, LedgerEntry
from budgets.months import month_of
from employees.models import Division, Employee, Role
from employees.money import MoneyField, format_money, quantize, refuse_too_many_places
from employees.own_authority import refuse_own

MOST = Decimal(1_000_000_000)  # of any currency: more is a slip, and the column ends soon after


def spend(
    budget: Budget,
    *,
    cost: Decimal,
    actor: Employee,
    request_id: UUID,
    at: datetime,
    note: str = "",
) -> LedgerEntry:
    """Take `cost` out of a month or a fund, and write the entry.

    Raises BudgetExhausted, with nothing changed, when the budget does not hold it.
    """
    _take_or_refuse(budget, cost)
    return _write(
        EntryKind.SPEND, budget, -cost, actor=actor, request_id=request_id, at=at, note=note
    )


def lend(
    lender: Budget,
    *,
    amount: Decimal,
    towards: LedgerEntry,
    actor: Employee,
    request_id: UUID,
    at: datetime,
    note: str = "",
) -> LedgerEntry:
    """Pay a part of what a colleague gives out of the lender's month, and write the entry.

    `towards` is the colleague's own spend, which the lent part comes on top of: 30.00 with 12.00
    lent is a spend of 18.00 and a lent entry of 12.00. The lender's own month and grace cap it.
    Raises BudgetExhausted, with nothing changed, when it does not hold it.
    """
    _take_or_refuse(lender, amount)
    return _write(
        EntryKind.LENT,
        lender,
        -amount,
        actor=actor,
        request_id=request_id,
        at=at,
        note=note,
        concerns=towards,
    )


def charge_entitlement(
    budget: Budget,
    *,
    cost: Decimal,
    actor: Employee,
    request_id: UUID,
    at: datetime,
    note: str = "",
) -> LedgerEntry:
    """Charge what a customer is owed to the division's entitlements: an entry, and no counter."""
    return _write(
        EntryKind.SPEND, budget, -cost, actor=actor, request_id=request_id, at=at, note=note
    )


@transaction.atomic
def give_back(
    entry: LedgerEntry, *, actor: Employee, reason: str, request_id: UUID, at: datetime
) -> list[LedgerEntry]:
    """Return the money of a spend, whose remedy could not be carried out, to where it came from.

    It goes to the month that it was taken from, also when that month is over, and what a colleague
    lent for it goes back to the colleague. Raises InvalidMovement without a reason, and
    GivenBackAlready.
    """
    reason = checked_reason(reason)
    lent = list(LedgerEntry.objects.filter(concerns=entry, kind=EntryKind.LENT).order_by("pk"))
    taken = [entry, *lent]
    budgets = _locked(e.budget_id for e in taken)
    if LedgerEntry.objects.filter(concerns=entry, kind=EntryKind.GIVE_BACK).exists():
        raise GivenBackAlready
    written = []
    for each in taken:
        budget = budgets[each.budget_id]
        if budget.kind != BudgetKind.ENTITLEMENTS:
            _take_or_refuse(budget, each.amount)
        written.append(
            _write(
                EntryKind.GIVE_BACK,
                budget,
                -each.amount,
                actor=actor,
                request_id=request_id,
                at=at,
                note=reason,
                concerns=each,
            )
        )
    return written


@transaction.atomic
def top_up(
    budget: Budget,
    *,
    amount: Decimal,
    actor: Employee,
    reason: str,
    request_id: UUID,
    at: datetime,
) -> LedgerEntry:
    """Add to an employee's month, or to an incident's fund, with the reason.

    It is for this month only: the next one opens fresh. The same request tops up once. Raises
    InvalidMovement (no amount, too many places, no reason), MonthIsOver, NotTheirMoney for whoever
    does not manage the division, OwnAuthority for one's own month, and RequestConflict.
    """
    _refuse_unless_theirs(actor, budget)
    amount = _checked_amount(amount, budget)
    reason = checked_reason(reason)
    locked = _locked([budget.pk])[budget.pk]
    earlier = locked.entries.filter(kind=EntryKind.TOP_UP, request_id=request_id).first()
    if earlier is not None:
        if (earlier.amount, earlier.note) != (amount, reason):
            raise RequestConflict
        return earlier
    if (
        budget.employee is not None
        and budget.month
        and budget.month < month_of(budget.employee, at)
    ):
        raise MonthIsOver
    return add(locked, amount, actor=actor, reason=reason, request_id=request_id, at=at)


def add(
    budget: Budget,
    amount: Decimal,
    *,
    actor: Employee,
    reason: str,
    request_id: UUID,
    at: datetime,
) -> LedgerEntry:
    """Add to a budget and write the entry, for acts that have checked who does it and why."""
    _update(
        budget,
        "UPDATE budgets_budget SET allotted = allotted + %s WHERE id = %s "
        "RETURNING allotted, spent",
        [_stored(amount), budget.pk],
    )
    return _write(
        EntryKind.TOP_UP, budget, amount, actor=actor, request_id=request_id, at=at, note=reason
    )


@transaction.atomic
def open_fund(
    division: Division,
    *,
    name: str,
    amount: Decimal,
    actor: Employee,
    request_id: UUID,
    at: datetime,
) -> Budget:
    """Set an incident's fund aside. Raises InvalidMovement, and NotTheirMoney."""
    fund = Budget(kind=BudgetKind.FUND, division=division, name=name, opened_at=at)
    _refuse_unless_theirs(actor, fund)
    fund.allotted = _checked_amount(amount, fund)
    fund.save(force_insert=True)
    _write(
        EntryKind.ALLOTMENT,
        fund,
        fund.allotted,
        actor=actor,
        request_id=request_id,
        at=at,
        note=name[:NOTE_LENGTH],
    )
    return fund


def checked_reason(reason: str) -> str:
    """The reason as it is kept. Raises InvalidMovement when there is none, or it is too long."""
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidMovement({"reason": ["Write why, in a line: whoever reads it later asks."]})
    if len(reason) > NOTE_LENGTH:
        long = f"Write at most {NOTE_LENGTH} characters; these are {len(reason)}."
        raise InvalidMovement({"reason": [long]})
    return reason


def _checked_amount(amount: Decimal, budget: Budget) -> Decimal:
    currency = budget.division.currency
    if not 0 < amount < MOST:
        least = format_money(quantize(Decimal(1), currency), currency)
        raise InvalidMovement({"amount": [f"Write an amount above zero, such as {least}."]})
    try:
        refuse_too_many_places(amount, currency)
    except ValidationError as error:
        raise InvalidMovement({"amount": error.messages}) from error
    return quantize(amount, currency)


def _refuse_unless_theirs(actor: Employee, budget: Budget) -> None:
    if budget.employee is not None:
        refuse_own(actor, budget.employee)
    manages = actor.is_active and actor.role == Role.MANAGER
    if not manages or actor.division_id != budget.division_id:
        raise NotTheirMoney


def _locked(numbers: Iterable[int]) -> dict[int, Budget]:
    """The budgets as they are now; always in one order, so that no two wait for each other."""
    rows = Budget.objects.select_for_update(of=("self",), no_key=True).select_related("division")
    return {budget.pk: budget for budget in rows.filter(pk__in=set(numbers)).order_by("pk")}


def _take_or_refuse(budget: Budget, cost: Decimal) -> None:
    """Take the money, or raise BudgetExhausted with nothing changed."""
    if not _take(budget, cost):
        budget.refresh_from_db(fields=["allotted", "spent", "grace"])
        raise BudgetExhausted(asked=cost, remaining=budget.reach, currency=budget.division.currency)


def _take(budget: Budget, cost: Decimal) -> bool:
    """Take the money if it is there, and bring the budget up to date; a negative cost returns it.

    The check and the taking are one statement: two agents may want the last 50.00 together.
    """
    asked = _stored(cost)
    return _update(
        budget,
        "UPDATE budgets_budget SET spent = spent + %s "
        "WHERE id = %s AND spent + %s <= allotted + grace RETURNING allotted, spent",
        [asked, budget.pk, asked],
    )


def _update(budget: Budget, sql: str, values: Sequence[Any]) -> bool:
    """Move the counters and bring the budget up to date; False with nothing changed."""
    money = MoneyField()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None:
        return False
    budget.allotted, budget.spent = (
        money.to_python(money.from_db_value(value, None, connection)) for value in row
    )
    return True


def _stored(amount: Decimal) -> Any:
    return MoneyField().get_db_prep_value(amount, connection)


def _write(
    kind: EntryKind,
    budget: Budget,
    amount: Decimal,
    *,
    actor: Employee,
    request_id: UUID,
    at: datetime,
    note: str,
    concerns: LedgerEntry | None = None,
) -> LedgerEntry:
    capped = budget.kind != BudgetKind.ENTITLEMENTS
    return LedgerEntry.objects.create(
        budget=budget,
        kind=kind,
        amount=amount,
        balance_after=budget.left if capped else None,
        concerns=concerns,
        request_id=request_id,
        actor=actor,
        note=note,
        at=at,
    )
