"""Amounts in the admin: as people read them in lists, and in forms without idle zeros."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.html import format_html

from employees.money import MoneyField, currency_symbol, format_money, places
from employees.typed_money import amount_text, read_plain_number, read_typed_money

NONE = "—"  # where there is no value


class AmountInput(forms.TextInput):
    """A field for an amount, with the currency's sign before it."""

    template_name = "admin/widgets/amount.html"
    symbol = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the currency's sign."""
        return {**super().get_context(name, value, attrs), "symbol": self.symbol}


class AmountField(forms.DecimalField):
    """An amount of money; `in_currency` tells it the currency."""

    widget = AmountInput
    currency = ""  # none: a number, such as a percentage, or an amount in one not known yet
    at_least = 2  # places

    def in_currency(self, currency: str) -> None:
        """Show the currency's sign and places; without a currency, no sign."""
        self.currency = currency
        self.at_least = places(currency) if currency else 2
        cast("AmountInput", self.widget).symbol = currency_symbol(currency) if currency else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask phones for digits; the browser's own number field is no friend of amounts."""
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Read it as the case form does: Django's own field takes 1e5 for 100,000.00."""
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        if not self.currency:
            return read_plain_number(text)
        return read_typed_money(text, self.currency)

    def prepare_value(self, value: Any) -> Any:
        """Write 25.0000 as 25.00: with the currency's places, and more only if they are used."""
        if not isinstance(value, Decimal):
            return value
        return amount_text(value, self.at_least)


def money(amount: Decimal, currency: str) -> str:
    """The amount in its currency's form, in figures of equal width."""
    return format_html('<span class="num">{}</span>', format_money(amount, currency))


@cache
def money_column(
    field: str, label: str = "", division: str = "division", *, sorts: bool = True
) -> Callable[[Any], str]:
    """A column, or a read-only field, for an amount of the row in its division's currency."""

    def column(row: Any) -> str:
        amount = getattr(row, field)
        owner = row
        for step in division.split(".") if division else ():
            owner = getattr(owner, step)
        return NONE if amount is None else money(amount, owner.currency)

    column.short_description = label or field.replace("_", " ")  # type: ignore[attr-defined]
    if sorts:
        column.admin_order_field = field  # type: ignore[attr-defined]
    column.__name__ = field
    return column


def is_amount(model: type[models.Model], field: Any) -> bool:
    """Whether the model has an amount of money by this name."""
    return isinstance(field, str) and any(
        f.name == field and isinstance(f, MoneyField) for f in model._meta.fields
    )
