"""Amounts of money in CSV files: written with the currency's own places, read as forms read them.

What must stay true: a file that is written and read back changes nothing.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from import_export.fields import Field

from employees.money import places
from employees.typed_money import amount_text, read_plain_number, read_typed_money

_TOO_LARGE = Decimal(10) ** 10  # no column of money holds it, and no rounding is tried on it


class Amount(Field):  # type: ignore[misc]
    """A column for money, in the currency of the row's division; empty is none."""

    def __init__(self, name: str) -> None:
        super().__init__(attribute=name, column_name=name)

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Read it exactly. Raises ValueError, saying what to write."""
        text = str(row[self.column_name] or "").strip()
        setattr(instance, self.attribute, _read(text, _currency(instance)) if text else None)

    def export(self, instance: Any, **kwargs: Any) -> str:
        """Write it with the currency's places: 25.00, but 2500 where there are no cents."""
        amount = self.get_value(instance)
        if amount is None:
            return ""
        currency = _currency(instance)
        return amount_text(amount, places(currency) if currency else 2)


def _currency(instance: Any) -> str:
    """The division's currency; none for those who belong to no division."""
    return instance.division.currency if instance.division else ""


def _read(text: str, currency: str) -> Decimal:
    try:
        amount = read_typed_money(text, currency) if currency else read_plain_number(text)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from error
    if abs(amount) >= _TOO_LARGE:
        raise ValueError("Write an amount of money below 10,000,000,000.")
    return amount
