"""The ledger: what is spent, lent and given back, and the entry of every movement.

Money is put into budgets in `months.py` and `open_many.py`, `top_ups.py` and `new_budgets.py`, and
nowhere else.

What must stay true (the database holds each of these too, see `models.py` and `guards.py`):

- A budget is never overspent, under any number of simultaneous requests: money is taken by one
  guarded UPDATE, and the entry that says so is written in the same transaction.
- Every movement is an entry; entries are never changed. What could not be carried out is given
  back by an entry of its own, once, to the budget that it came from, in whichever month.
- Nobody lends to themselves.
- Whoever moves several budgets holds them first, in one order (`hold`): months before funds, as
  `resolutions.resolve` does, and by number. Else two colleagues who lend to each other at the same
  moment would wait for each other.

All amounts are in the division's currency, at cost. Entitlements keep no counter; for all else an
act moves a counter and writes an entry: the caller holds a transaction, or the act opens one.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from budgets.errors import BudgetExhausted, GivenBackAlready, InvalidMovement
from budgets.models import NOTE_LENGTH, Budget, BudgetKind, EntryKind, LedgerEntry
from employees.models import Employee
from employees.money import MoneyField


def hold(numbers: Iterable[int]) -> dict[int, Budget]:
    """The budgets as they are now, held by the caller's transaction until it ends.

    Always in one order, so that no two wait for each other: months, funds, entitlements.
    """
    rows = Budget.objects.select_for_update(of=("self",), no_key=True).select_related("division")
    held = rows.filter(pk__in=set(numbers)).order_by("-kind", "pk")
    return {budget.pk: budget for budget in held}


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
    return write(
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
    Both are written in one transaction, which holds both budgets first: see `hold`. Raises
    BudgetExhausted when the lender's month does not hold it, and InvalidMovement when it is not a
    colleague's, with nothing changed.
    """
    _refuse_to_lend(lender, towards)
    _take_or_refuse(lender, amount)
    return write(
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
    return write(
        EntryKind.SPEND, budget, -cost, actor=actor, request_id=request_id, at=at, note=note
    )


@transaction.atomic
def give_back(
    entry: LedgerEntry, *, actor: Employee, reason: str, request_id: UUID, at: datetime
) -> list[LedgerEntry]:
    """Return the money of a spend, whose remedy could not be carried out, to where it came from.

    It goes to the month that it was taken from, also when that month is over, and what a colleague
    lent for it goes back to the colleague. Raises InvalidMovement without a reason, or for what is
    no spend, and GivenBackAlready.
    """
    reason = checked_reason(reason)
    if entry.kind != EntryKind.SPEND:
        raise InvalidMovement({"entry": ["Only what was spent can be given back."]})
    lent = list(LedgerEntry.objects.filter(concerns=entry, kind=EntryKind.LENT).order_by("pk"))
    taken = [entry, *lent]
    budgets = hold(e.budget_id for e in taken)
    if LedgerEntry.objects.filter(concerns=entry, kind=EntryKind.GIVE_BACK).exists():
        raise GivenBackAlready
    written = []
    for each in taken:
        budget = budgets[each.budget_id]
        if budget.kind != BudgetKind.ENTITLEMENTS:
            _take_or_refuse(budget, each.amount)
        written.append(
            write(
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


def checked_reason(reason: str) -> str:
    """The reason as it is kept. Raises InvalidMovement when there is none, or it is too long."""
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidMovement({"reason": ["Write why, in a line: whoever reads it later asks."]})
    if len(reason) > NOTE_LENGTH:
        long = f"Write at most {NOTE_LENGTH} characters; these are {len(reason)}."
        raise InvalidMovement({"reason": [long]})
    return reason


def _refuse_to_lend(lender: Budget, towards: LedgerEntry) -> None:
    """Refuse what is no colleague's month, of the same division, towards a spend."""
    if (
        lender.kind != BudgetKind.MONTH
        or towards.kind != EntryKind.SPEND
        or lender.employee_id == towards.actor_id
        or lender.division_id != towards.budget.division_id
    ):
        raise InvalidMovement({"lender": ["Only a colleague of the same division can lend."]})


def _take_or_refuse(budget: Budget, cost: Decimal) -> None:
    """Take the money, or raise BudgetExhausted with nothing changed."""
    if not _take(budget, cost):
        budget.refresh_from_db(fields=["allotted", "spent", "grace"])
        raise BudgetExhausted(asked=cost, remaining=budget.reach, currency=budget.division.currency)


def _take(budget: Budget, cost: Decimal) -> bool:
    """Take the money if it is there, and bring the budget up to date; a negative cost returns it.

    The check and the taking are one statement: two agents may want the last 50.00 together.
    """
    money = MoneyField()
    asked = money.get_db_prep_value(cost, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgets_budget SET spent = spent + %s "
            "WHERE id = %s AND spent + %s <= allotted + grace RETURNING allotted, spent",
            [asked, budget.pk, asked],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    budget.allotted, budget.spent = (
        money.to_python(money.from_db_value(value, None, connection)) for value in row
    )
    return True


def write(
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
    """Write the entry of a movement that the budget's counters have made."""
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
