"""Each entry by itself: it continues the balance, it is in whole coins, and it may be there."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ExpressionWrapper, F, Func, Q, Window
from django.db.models.functions import Coalesce, Lag

from budgets.check.problem import (
    Problem,
    budgets_of,
    entries_of,
    in_words,
    name_budget,
    name_entry,
)
from budgets.models import BudgetKind, EntryKind
from employees.models import Division
from employees.money import STORED_PLACES, MoneyField, places


def each_entry_is_right(month: date | None) -> Iterator[Problem]:
    """Balances run on, no amount has too many places, and each kind is where it may be."""
    yield from _broken_balances(month)
    yield from _too_many_places(month)
    yield from _odd_entitlements(month)
    yield from _own_top_ups(month)


def _broken_balances(month: date | None) -> Iterator[Problem]:
    before = Window(Lag("balance_after"), partition_by="budget", order_by="id")
    follows = Coalesce(before, Decimal(0), output_field=MoneyField()) + F("amount")
    entries = entries_of(month).exclude(budget__kind=BudgetKind.ENTITLEMENTS)
    reckoned = entries.annotate(right=ExpressionWrapper(follows, output_field=MoneyField()))
    for entry in reckoned.exclude(balance_after=F("right")).iterator():
        says, right = (in_words(a, entry.budget) for a in (entry.balance_after, entry.right))
        yield Problem(
            name_entry(entry),
            "Its balance is the one before it and its amount.",
            f"It says {says}; {right} would be right.",
        )


class _Whole(Func):
    """An amount cut to so many places, as the database keeps it."""

    function = "TRUNC"
    output_field = MoneyField()

    def __init__(self, amount: F, places: int) -> None:
        super().__init__(amount)
        self.places = places

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> Any:
        """TRUNC(amount, 2) on PostgreSQL; SQLite has whole ten-thousandths, divided as such."""
        amount, values = compiler.compile(self.source_expressions[0])
        if connection.vendor == "sqlite":
            unit = 10 ** (STORED_PLACES - self.places)
            return f"({amount} / {unit} * {unit})", values
        return f"TRUNC({amount}, {self.places})", values


def _too_many_places(month: date | None) -> Iterator[Problem]:
    currencies = list(Division.objects.order_by().values_list("currency", flat=True).distinct())
    rule = "Its amounts have no more places than its currency."
    odd = _in_broken_coins(currencies, "", ["base", "allotted", "spent", "grace"])
    for budget in budgets_of(month).filter(odd).iterator():
        yield Problem(name_budget(budget), rule, f"{budget.division.currency}.")
    odd = _in_broken_coins(currencies, "budget__", ["amount", "balance_after"])
    for entry in entries_of(month).filter(odd).iterator():
        said = in_words(entry.amount, entry.budget)
        yield Problem(name_entry(entry), rule, f"It moved {said}.")


def _in_broken_coins(currencies: list[str], budget: str, columns: list[str]) -> Q:
    found = Q(pk__in=[])
    for currency in currencies:
        broken = Q(pk__in=[])
        for column in columns:
            whole = Q(**{column: _Whole(F(column), places(currency))})
            broken |= ~(whole | Q(**{f"{column}__isnull": True}))
        found |= Q(**{f"{budget}division__currency": currency}) & broken
    return found


def _odd_entitlements(month: date | None) -> Iterator[Problem]:
    entries = entries_of(month).filter(budget__kind=BudgetKind.ENTITLEMENTS)
    fitting = Q(kind__in=[EntryKind.SPEND, EntryKind.GIVE_BACK], balance_after__isnull=True)
    for entry in entries.exclude(fitting).iterator():
        yield Problem(
            name_entry(entry),
            "Entitlements are charged and given back, and keep no balance.",
            f"It is a {entry.get_kind_display().lower()}, and says "
            f"{in_words(entry.balance_after, entry.budget)} is left.",
        )


def _own_top_ups(month: date | None) -> Iterator[Problem]:
    topped_up = entries_of(month).filter(kind=EntryKind.TOP_UP, budget__employee=F("actor"))
    for entry in topped_up.iterator():
        yield Problem(
            name_entry(entry),
            "Nobody tops up their own month.",
            f"It adds {in_words(entry.amount, entry.budget)}; only another manager may.",
        )
