"""Money added by a manager: to months and funds that are open, and a fund to begin with.

What must stay true (the database holds each of these too, see `models.py` and `guards.py`): nobody
tops up their own month, each top-up says why, and the same request tops up once. It is for this
month only: the next one opens fresh. All amounts are in the division's currency, at cost.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value

from budgets.errors import (
    InvalidMovement,
    MonthIsOver,
    NotTheirMoney,
    NotToppedUp,
    OwnMonth,
    RequestConflict,
)
from budgets.ledger import checked_reason, hold, write
from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from budgets.months import month_of
from employees.models import Division, Employee, Role
from employees.money import MoneyField, format_money, quantize, refuse_too_many_places
from employees.own_authority import is_own

MOST = Decimal(1_000_000_000)  # of any currency: more is a slip, and the column ends soon after
NAME_LENGTH = 120


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

    Raises InvalidMovement (no amount, too much, too many places, no reason, no cap to raise),
    MonthIsOver, NotTheirMoney for whoever does not manage the division, OwnMonth, and
    RequestConflict.
    """
    try:
        (entry,) = top_up_each(
            [budget], amount=amount, actor=actor, reason=reason, request_id=request_id, at=at
        )
    except NotToppedUp as refusal:
        raise refusal.refused[0][1] from refusal
    return entry


@transaction.atomic
def top_up_each(
    budgets: Sequence[Budget],
    *,
    amount: Decimal,
    actor: Employee,
    reason: str,
    request_id: UUID,
    at: datetime,
) -> list[LedgerEntry]:
    """Add the same amount to each of them, or to none, in a fixed number of queries.

    Their employees and teams are read before. Raises NotToppedUp with every budget that was
    refused and why (as `top_up` raises it), and RequestConflict, with nothing moved.
    """
    reason, wanted = checked_reason(reason), {budget.pk for budget in budgets}
    amount = checked_amount(amount, budgets[0].division.currency)
    held = hold(wanted)
    earlier = list(LedgerEntry.objects.filter(kind=EntryKind.TOP_UP, request_id=request_id))
    if earlier:
        said = {(entry.amount, entry.note, entry.actor_id) for entry in earlier}
        if {entry.budget_id for entry in earlier} != wanted or said != {(amount, reason, actor.pk)}:
            raise RequestConflict
        return earlier
    too_much = _too_much(budgets[0].division.currency)
    full = {pk for pk, budget in held.items() if budget.allotted + amount >= MOST}
    reasons = [
        (b, why_not(b, actor=actor, at=at) or (too_much if b.pk in full else None)) for b in budgets
    ]
    if refused := [(b, why) for b, why in reasons if why]:
        raise NotToppedUp(refused)
    added = Value(amount, output_field=MoneyField())
    Budget.objects.filter(pk__in=wanted).update(allotted=F("allotted") + added)
    return LedgerEntry.objects.bulk_create(
        LedgerEntry(
            budget=budget,
            kind=EntryKind.TOP_UP,
            amount=amount,
            balance_after=budget.left + amount,
            request_id=request_id,
            actor=actor,
            note=reason,
            at=at,
        )
        for budget in held.values()
    )


def why_not(budget: Budget, *, actor: Employee, at: datetime) -> Exception | None:
    """Why this person can't top it up now; None where they can."""
    if budget.employee is not None and is_own(actor, budget.employee):
        return OwnMonth()
    if not manages_money(actor, budget.division_id):
        return NotTheirMoney()
    if budget.kind == BudgetKind.ENTITLEMENTS:
        return InvalidMovement({"": ["What customers are owed has no cap that could be raised."]})
    if budget.employee and budget.month and budget.month < month_of(budget.employee, at):
        return MonthIsOver()
    return None


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
    if not manages_money(actor, division.pk):
        raise NotTheirMoney
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidMovement({"name": [f"Write a name of at most {NAME_LENGTH} characters."]})
    fund = Budget.objects.create(
        kind=BudgetKind.FUND,
        division=division,
        name=name,
        allotted=checked_amount(amount, division.currency),
        opened_at=at,
    )
    write(
        EntryKind.ALLOTMENT,
        fund,
        fund.allotted,
        actor=actor,
        request_id=request_id,
        at=at,
        note=name,
    )
    return fund


def checked_amount(amount: Decimal, currency: str) -> Decimal:
    """An amount to add to a budget, in the currency's places. Raises InvalidMovement."""
    if not amount.is_finite() or amount <= 0:
        least = format_money(Decimal(1), currency)
        raise InvalidMovement({"amount": [f"Write an amount above zero, such as {least}."]})
    if amount >= MOST:
        raise _too_much(currency)
    try:
        refuse_too_many_places(amount, currency)
    except ValidationError as error:
        raise InvalidMovement({"amount": error.messages}) from error
    return quantize(amount, currency)


def _too_much(currency: str) -> InvalidMovement:
    most = format_money(MOST, currency)
    return InvalidMovement({"amount": [f"A budget must stay below {most}: write less."]})


def manages_money(actor: Employee, division: int) -> bool:
    """Whether they decide on the division's budgets."""
    manages = actor.is_active and actor.role == Role.MANAGER
    return manages and actor.division_id == division
