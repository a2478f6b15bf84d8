"""One thing that is wrong with the money: which row, which rule, and what would be right."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from budgets.models import Budget, BudgetKind, LedgerEntry
from employees.money import format_money, quantize


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it must be, and where.

    `row` and `rule` name no amounts and no customers, so that a mail can carry them; `what` says
    what is there and what would be right.
    """

    row: str
    rule: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.row}: {self.rule} {self.what}".rstrip()


def budgets_of(month: date | None) -> QuerySet[Budget]:
    """The budgets of one month, and the funds, which belong to none; or all."""
    budgets = Budget.objects.select_related("employee", "division").order_by("pk")
    return budgets if month is None else budgets.filter(_of(month, ""))


def entries_of(month: date | None) -> QuerySet[LedgerEntry]:
    """The entries of those budgets."""
    entries = LedgerEntry.objects.select_related("budget__employee", "budget__division")
    entries = entries.order_by("pk")
    return entries if month is None else entries.filter(_of(month, "budget__"))


def _of(month: date, budget: str) -> Q:
    return Q(**{f"{budget}month": month}) | Q(**{f"{budget}kind": BudgetKind.FUND})


def name_budget(budget: Budget) -> str:
    """Which budget: "budget 17 of forno.driver1, November 2026"."""
    whose = budget.employee.username if budget.employee else budget.division.name
    what = f"{budget.month:%B %Y}" if budget.month else budget.name
    return f"budget {budget.pk} of {whose}, {what}"


def name_entry(entry: LedgerEntry) -> str:
    """Which entry: "entry 203 in budget 17 of forno.driver1, November 2026"."""
    return f"entry {entry.pk} in {name_budget(entry.budget)}"


def name_row(row: Budget | LedgerEntry) -> str:
    """Which budget or entry."""
    return name_budget(row) if isinstance(row, Budget) else name_entry(row)


def in_words(amount: Decimal | None, budget: Budget) -> str:
    """The amount as a person reads it; with all its places, if it has too many."""
    if amount is None:
        return "nothing"
    currency = budget.division.currency
    if amount == quantize(amount, currency):
        return format_money(amount, currency)
    return f"{amount.normalize():f} {currency}"
