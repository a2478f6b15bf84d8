"""What the API answers about budgets and entries, and how it is described for OpenAPI."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from employees.models import Employee, Role
from employees.money import money_text

MONEY = "Text in the currency's own places, such as 9.00."
NO_CAP = "Null for entitlements, which have no cap."


class WholeBudgetAnswer(serializers.Serializer[Any]):
    """Money set aside: an employee's month, an incident's fund, a division's entitlements."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=BudgetKind.values)
    division = serializers.CharField(help_text="Its code")
    employee = serializers.CharField(allow_null=True, help_text="Whose month it is: a username.")
    team = serializers.CharField(allow_null=True, help_text="The employee's team as it is now.")
    name = serializers.CharField(help_text="What a fund is called; empty for others.")
    month = serializers.CharField(allow_null=True, help_text="Such as 2026-11. Funds have none.")
    base = serializers.CharField(
        allow_null=True,
        help_text="The part of a month that the tier or their own budget gives; null for others.",
    )
    allotted = serializers.CharField(
        allow_null=True, help_text="With what was topped up. " + NO_CAP
    )
    spent = serializers.CharField(help_text="Used and lent, less what was given back. " + MONEY)
    grace = serializers.CharField(
        allow_null=True, help_text="How far beyond it one may go. " + NO_CAP
    )
    left = serializers.CharField(
        allow_null=True, help_text="Below zero once someone went over. " + NO_CAP
    )
    currency = serializers.CharField(help_text="ISO 4217")
    opened_at = serializers.DateTimeField()


class EntryAnswer(serializers.Serializer[Any]):
    """One movement of money: positive into the budget, negative out of it. It never changes."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=EntryKind.values)
    amount = serializers.CharField(help_text=MONEY)
    balance_after = serializers.CharField(
        allow_null=True, help_text="What was left after it. " + NO_CAP
    )
    note = serializers.CharField(
        help_text="The remedy of a spend; why it was topped up or given back, in someone's own "
        "words, which are left empty for finance."
    )
    actor = serializers.CharField(allow_null=True, help_text="A username; null: by itself.")
    concerns = serializers.IntegerField(
        allow_null=True,
        help_text="The entry that a give-back takes back, or that money was lent towards.",
    )
    request_id = serializers.UUIDField(help_text="What was done in one go has the same.")
    at = serializers.DateTimeField()


def whole_budgets_json(budgets: Sequence[Budget]) -> list[dict[str, Any]]:
    """Budgets as a program reads them; they were read with their division and employee's team.

    Entitlements keep no counter. Theirs is added up in one query of its own: as a part of the one
    that reads the budgets, it would make a list of a few rows look costly to PostgreSQL, which
    would then take a quarter of a second to compile it.
    """
    owed = [budget.pk for budget in budgets if budget.kind == BudgetKind.ENTITLEMENTS]
    charged = LedgerEntry.objects.charged_to(owed) if owed else {}
    return [_json(budget, charged.get(budget.pk, Decimal(0))) for budget in budgets]


def _json(budget: Budget, charged: Decimal) -> dict[str, Any]:
    currency, owner = budget.division.currency, budget.employee
    capped, is_month = budget.kind != BudgetKind.ENTITLEMENTS, budget.kind == BudgetKind.MONTH
    return {
        "id": budget.pk,
        "kind": budget.kind,
        "division": budget.division.code,
        "employee": owner and owner.username,
        "team": owner.team.name if owner and owner.team else None,
        "name": budget.name,
        "month": f"{budget.month:%Y-%m}" if budget.month else None,
        "base": money_text(budget.base, currency) if is_month else None,
        "allotted": money_text(budget.allotted, currency) if capped else None,
        "spent": money_text(budget.spent if capped else charged, currency),
        "grace": money_text(budget.grace, currency) if capped else None,
        "left": money_text(budget.left, currency) if capped else None,
        "currency": currency,
        "opened_at": budget.opened_at.isoformat(),
    }


def entry_json(entry: LedgerEntry, currency: str, *, own_words: bool = True) -> dict[str, Any]:
    """An entry as a program reads it; `own_words` False leaves empty what people wrote."""
    written = entry.kind in (EntryKind.TOP_UP, EntryKind.GIVE_BACK, EntryKind.LENT)
    balance = entry.balance_after
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "amount": money_text(entry.amount, currency),
        "balance_after": None if balance is None else money_text(balance, currency),
        "note": "" if written and not own_words else entry.note,
        "actor": entry.actor and entry.actor.username,
        "concerns": entry.concerns_id,
        "request_id": str(entry.request_id),
        "at": entry.at.isoformat(),
    }


def sees_own_words(employee: Employee) -> bool:
    """Whether they read reasons as they were written: a customer may be named in one.

    Finance knows customers by their reference only.
    """
    return employee.role != Role.FINANCE
