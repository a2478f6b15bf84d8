"""New budgets at once: what a tier gives now, in the months that are open already.

A changed budget counts from the next month; here it counts in this one, by top-up entries. What
must stay true: a month is never made smaller by it; applied twice, it adds nothing; what a manager
topped up besides stays on top; nobody raises their own month.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from budgets.errors import NotTheirMoney
from budgets.ledger import checked_reason
from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from budgets.months import month_in
from budgets.top_ups import manages_money
from employees.changes import keep_in_history
from employees.models import AuthorityTier, Employee
from employees.money import quantize
from employees.own_authority import refuse_own

CHUNK = 500  # months in one transaction: who gives something meanwhile waits for no more


@dataclass(frozen=True, slots=True)
class Raise:
    """What a month holds, and how far beyond one may go, before it is raised and after."""

    base: Decimal
    grace: Decimal
    new_base: Decimal
    new_grace: Decimal

    @property
    def added(self) -> Decimal:
        """What is added to the month; 0 where only the way beyond it becomes longer."""
        return self.new_base - self.base


def would_raise(tier: AuthorityTier, *, at: datetime) -> Counter[Raise | None]:
    """How many open months would be raised from what to what; None counts those that stay.

    Reads only, with as many queries for three holders as for thousands.
    """
    alike = _open_now(tier, at).order_by().values_list("base", "grace", "employee__personal_budget")
    counted: Counter[Raise | None] = Counter()
    for base, grace, own, months in alike.annotate(Count("pk")):
        holder = Employee(tier=tier, personal_budget=own)
        counted[_raise(base, grace, holder, tier.division.currency)] += months
    return counted


def apply_new_budgets(tier: AuthorityTier, *, actor: Employee, reason: str, at: datetime) -> int:
    """Raise this month of all who hold the tier to what it, or their own budget, gives now.

    How far beyond they may go is raised with it. That is no money and has no entry, so that the
    tier's history tells who applied it and why, too. Returns how many months were raised; a month
    that is not open yet opens with the new budget anyway. Raises InvalidMovement without a reason,
    NotTheirMoney for whoever does not manage the division, OwnAuthority for one's own tier.
    """
    refuse_own(actor, tier)
    if not manages_money(actor, tier.division_id):
        raise NotTheirMoney
    reason, request_id = checked_reason(reason), uuid4()
    numbers = list(_open_now(tier, at).order_by("pk").values_list("pk", flat=True))
    raised = sum(
        _raise_chunk(
            tier,
            numbers[first : first + CHUNK],
            actor=actor,
            reason=reason,
            request_id=request_id,
            at=at,
        )
        for first in range(0, len(numbers), CHUNK)
    )
    if raised:
        done = f"Applied to the months that were open ({raised}): {reason}"
        keep_in_history(tier, done=done, by=actor, at=at)
    return raised


def _open_now(tier: AuthorityTier, at: datetime) -> QuerySet[Budget]:
    """The open months of all who hold the tier: for each, the month that it is where they work."""
    zones = tier.holders.order_by().values_list("team__time_zone", flat=True).distinct()
    where: dict[date, list[str | None]] = defaultdict(list)
    for zone in zones:
        where[month_in(ZoneInfo(zone or "UTC"), at)].append(zone)
    now = Q(pk__in=[])
    for month, there in where.items():
        works_there = Q(employee__team__time_zone__in=[zone for zone in there if zone])
        if None in there:
            works_there |= Q(employee__team__isnull=True)
        now |= Q(month=month) & works_there
    return Budget.objects.filter(
        now,
        kind=BudgetKind.MONTH,
        division=tier.division_id,
        employee__tier=tier,
        employee__is_active=True,
    )


@transaction.atomic
def _raise_chunk(
    tier: AuthorityTier,
    numbers: list[int],
    *,
    actor: Employee,
    reason: str,
    request_id: UUID,
    at: datetime,
) -> int:
    # Asked once more who holds the tier: someone may have got another one since.
    held = (
        _open_now(tier, at)
        .filter(pk__in=numbers)
        .select_for_update(of=("self",), no_key=True)
        .select_related("division", "employee__tier")
        .order_by("pk")
    )
    raised = [(budget, up) for budget in held if (up := _raise_of(budget)) is not None]
    for budget, up in raised:
        budget.base, budget.grace = up.new_base, up.new_grace
        budget.allotted += up.added
    Budget.objects.bulk_update([b for b, _ in raised], ["base", "allotted", "grace"])
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            budget=budget,
            kind=EntryKind.TOP_UP,
            amount=up.added,
            balance_after=budget.left,
            request_id=request_id,
            actor=actor,
            note=reason,
            at=at,
        )
        for budget, up in raised
        if up.added
    )
    return len(raised)


def _raise_of(budget: Budget) -> Raise | None:
    """How the month is raised; None when it is that high already."""
    if budget.employee is None:
        return None
    return _raise(budget.base, budget.grace, budget.employee, budget.division.currency)


def _raise(base: Decimal, grace: Decimal, holder: Employee, currency: str) -> Raise | None:
    new_base = max(base, quantize(holder.monthly_budget, currency))
    new_grace = max(grace, quantize(holder.over_budget, currency))
    if (new_base, new_grace) == (base, grace):
        return None
    return Raise(base=base, grace=grace, new_base=new_base, new_grace=new_grace)
