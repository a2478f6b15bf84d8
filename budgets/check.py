"""Proves that the ledger adds up: every invariant of the money, row by row.

Reads only. What is wrong is named with its row, so that a person can go and look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import ExpressionWrapper, F, QuerySet, Sum, Window
from django.db.models.functions import Coalesce

from budgets.models import Budget, BudgetKind, LedgerEntry
from employees.money import MoneyField
from employees.triggers import missing

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it must be, and where."""

    row: str
    what: str


def problems() -> Iterator[Problem]:
    """Everything that is wrong with the money; nothing, if the ledger adds up."""
    yield from _overspent()
    yield from _do_not_add_up()
    yield from _broken_balances()
    yield from _without_allotment()
    for name in missing(connection):
        yield Problem(f"trigger {name}", "The database no longer keeps this rule: run migrate.")


def _capped() -> QuerySet[Budget]:
    return Budget.objects.exclude(kind=BudgetKind.ENTITLEMENTS)


def _overspent() -> Iterator[Problem]:
    for budget in _capped().filter(spent__gt=F("allotted") + F("grace")).iterator():
        yield Problem(
            f"budget {budget.pk}",
            f"{budget.spent} is spent of {budget.allotted} and {budget.grace} of grace.",
        )


def _do_not_add_up() -> Iterator[Problem]:
    summed = _capped().annotate(
        total=Coalesce(Sum("entries__amount"), ZERO, output_field=MoneyField())
    )
    for budget in summed.exclude(total=F("allotted") - F("spent")).iterator():
        yield Problem(
            f"budget {budget.pk}",
            f"{budget.left} is left by its counters, {budget.total} by its entries.",
        )


def _broken_balances() -> Iterator[Problem]:
    running = Window(Sum("amount"), partition_by="budget", order_by="id")
    entries = LedgerEntry.objects.exclude(budget__kind=BudgetKind.ENTITLEMENTS)
    reckoned = entries.annotate(reckoned=ExpressionWrapper(running, output_field=MoneyField()))
    for entry in reckoned.exclude(balance_after=F("reckoned")).order_by("id").iterator():
        yield Problem(
            f"entry {entry.pk}",
            f"Says {entry.balance_after} is left; its entries come to something else.",
        )


def _without_allotment() -> Iterator[Problem]:
    opened = Budget.objects.filter(kind=BudgetKind.MONTH)
    for budget in opened.exclude(entries__kind="allotment").iterator():
        yield Problem(f"budget {budget.pk}", "A month was opened without an allotment entry.")
