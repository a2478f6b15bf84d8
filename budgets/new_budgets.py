"""New budgets at once: what a tier gives now, in the months that are open already.

A changed budget counts from the next month; here it counts in this one, by top-up entries. What
must stay true: a month is never made smaller by it; applied twice, it adds nothing; what a manager
topped up besides stays on top; nobody raises their own month.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from budgets.errors import NotTheirMoney
from budgets.ledger import checked_reason
from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from budgets.months import month_in, month_of
from employees.models import AuthorityTier, Employee, Role
from employees.money import quantize
from employees.own_authority import refuse_own

CHUNK = 500  # months in one transaction: who gives something meanwhile waits for no more


def apply_new_budgets(tier: AuthorityTier, *, actor: Employee, reason: str, at: datetime) -> int:
    """Raise this month of all who hold the tier to what it, or their own budget, gives now.

    How far beyond they may go is raised with it. Returns how many months were raised; a month that
    is not open yet opens with the new budget anyway. Raises InvalidMovement without a reason,
    NotTheirMoney for whoever does not manage the division, OwnAuthority for one's own tier.
    """
    refuse_own(actor, tier)
    manages = actor.is_active and actor.role == Role.MANAGER
    if not manages or actor.division_id != tier.division_id:
        raise NotTheirMoney
    reason, request_id = checked_reason(reason), uuid4()
    return sum(
        _raise(numbers, actor=actor, reason=reason, request_id=request_id, at=at)
        for numbers in _chunks(tier, at)
    )


def _chunks(tier: AuthorityTier, at: datetime) -> Iterator[list[int]]:
    """The holders' months of now, by number, some hundred at a time."""
    zones = tier.holders.order_by().values_list("team__time_zone", flat=True).distinct()
    now = {month_in(ZoneInfo(zone or "UTC"), at) for zone in zones}
    months = Budget.objects.filter(
        kind=BudgetKind.MONTH,
        division=tier.division_id,
        employee__tier=tier,
        employee__is_active=True,
        month__in=now,
    ).order_by("pk")
    after = 0
    while numbers := list(months.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        yield numbers
        after = numbers[-1]


@transaction.atomic
def _raise(
    numbers: list[int], *, actor: Employee, reason: str, request_id: UUID, at: datetime
) -> int:
    locked = (
        Budget.objects.select_for_update(of=("self",), no_key=True)
        .select_related("division", "employee__tier", "employee__team")
        .filter(pk__in=numbers)
        .order_by("pk")
    )
    raised = [
        (budget, added)
        for budget in locked
        if budget.employee is not None
        and budget.month == month_of(budget.employee, at)
        and (added := _raise_one(budget, budget.employee)) is not None
    ]
    Budget.objects.bulk_update([b for b, _ in raised], ["base", "allotted", "grace"])
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            budget=budget,
            kind=EntryKind.TOP_UP,
            amount=added,
            balance_after=budget.left,
            request_id=request_id,
            actor=actor,
            note=reason,
            at=at,
        )
        for budget, added in raised
        if added
    )
    return len(raised)


def _raise_one(budget: Budget, employee: Employee) -> Decimal | None:
    """Raise the row, not written; what was added to it, or None when it is that high already."""
    currency = budget.division.currency
    base: Decimal = max(budget.base, quantize(employee.monthly_budget, currency))
    grace = max(budget.grace, quantize(employee.over_budget, currency))
    added = Decimal(base - budget.base)
    if not added and grace == budget.grace:
        return None
    budget.base, budget.allotted, budget.grace = base, budget.allotted + added, grace
    return added
