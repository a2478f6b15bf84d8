"""Money as exact decimals, with each currency's own number of places.

Answers for three things: how an amount is stored, how it is rounded and how it is written.
What must stay true: no amount is ever a float, not in Python and not in the database, and an
amount never has more places than its currency.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import (
    format_compact_currency,
    format_currency,
    get_currency_precision,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import expressions
from django.db.models.expressions import Combinable

STORED_PLACES = 4  # enough for every currency in ISO 4217
_LOCALE = "en_US"
_LARGE = 10_000  # from it on a round amount is written short


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """An exact decimal, to four places.

    PostgreSQL keeps it as `numeric`. SQLite has no exact decimals (it would keep 0.10 as a
    float, and `spent + cost <= allotted` would fail by a hair), so there the column holds a
    whole number of ten-thousandths and every comparison and sum in SQL is exact.

    In an expression, wrap a plain amount: `F("spent") + Value(cost, output_field=MoneyField())`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", STORED_PLACES)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        """Not "DecimalField": Django's SQLite converters for that name go through floats."""
        return "MoneyField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """`numeric` on PostgreSQL, whole ten-thousandths on SQLite."""
        if connection.vendor == "sqlite":
            return "bigint"
        return f"numeric({self.max_digits}, {self.decimal_places})"

    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The same type in a CAST."""
        return self.db_type(connection)

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The same type in a reference."""
        return self.db_type(connection)

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002  (Django's own signature)
    ) -> Any:
        """Adapt an amount to the database's own kind of number."""
        if value is None or hasattr(value, "as_sql"):
            return value
        exact = self.to_python(value)
        if connection.vendor == "sqlite":
            return int(exact.scaleb(STORED_PLACES).to_integral_value(ROUND_HALF_UP))
        return exact

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Adapt an amount, or an expression of amounts, for saving."""
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(value, connection)

    def from_db_value(
        self, value: Any, expression: Any, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        """Read an amount back as the Decimal it was."""
        if value is None:
            return None
        if connection.vendor == "sqlite":
            return Decimal(value).scaleb(-STORED_PLACES)
        return Decimal(value)


# Two amounts added or subtracted, or so many of one, are an amount. Django takes the first pair of
# types that fits, and a MoneyField is a DecimalField too: SQLite's whole ten-thousandths would be
# read as whole units. So these go first, which Django's own way of registering pairs can't do.
for _sign, _left, _right in (
    (Combinable.ADD, MoneyField, MoneyField),
    (Combinable.SUB, MoneyField, MoneyField),
    (Combinable.MUL, MoneyField, models.IntegerField),
    (Combinable.MUL, models.IntegerField, MoneyField),
):
    expressions._connector_combinators[_sign].insert(  # type: ignore[attr-defined]  # noqa: SLF001
        0, (_left, _right, MoneyField)
    )


@cache
def places(currency: str) -> int:
    """How many decimal places an ISO 4217 currency has (USD 2, JPY 0, KWD 3)."""
    return get_currency_precision(currency)


@cache
def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-places(currency))


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Round an amount to its currency's places, halves up, as an invoice would."""
    return amount.quantize(_unit(currency), ROUND_HALF_UP)


def round_down(amount: Decimal, currency: str) -> Decimal:
    """Round a limit down to its currency's places: a limit is never rounded past itself."""
    return amount.quantize(_unit(currency), ROUND_DOWN)


def money_text(amount: Decimal, currency: str) -> str:
    """The amount as a program reads it: "9.00" in USD, "9" in JPY."""
    return f"{quantize(amount, currency):f}"


def format_money(amount: Decimal, currency: str) -> str:
    """The amount as a person reads it: "$9.00", "A$62.00", "£5.00", "KWD 1.250"."""
    text = format_currency(quantize(amount, currency), currency, locale=_LOCALE)
    return _set_apart(text, currency)


def format_round(amount: Decimal, currency: str) -> str:
    """A round amount as it stands on a scale: "$50", "$0.50", "$20K", "KWD 1.5M"."""
    if abs(amount) >= _LARGE:
        text = format_compact_currency(amount, currency, locale=_LOCALE, fraction_digits=2)
    elif amount == amount.to_integral_value():
        text = format_currency(amount, currency, "¤#,##0", locale=_LOCALE, currency_digits=False)
    else:
        return format_money(amount, currency)
    return _set_apart(text, currency)


def _set_apart(text: str, currency: str) -> str:
    """A currency that is written in letters stands apart from its amount."""
    symbol = currency_symbol(currency)
    return text.replace(symbol, f"{symbol}\N{NO-BREAK SPACE}") if symbol.isalpha() else text


def currency_symbol(currency: str) -> str:
    """The currency's sign as a person reads it: "$", "A$", "£"."""
    return str(Locale.parse(_LOCALE).currency_symbols.get(currency, currency))


def refuse_too_many_places(amount: Decimal | None, currency: str) -> None:
    """Raise ValidationError when an amount has more places than its currency has."""
    if amount is not None and amount != quantize(amount, currency):
        raise ValidationError(
            "%(currency)s has %(places)d decimal places; %(amount)s has more.",
            code="too_many_places",
            params={
                "currency": currency,
                "places": places(currency),
                "amount": f"{amount.normalize():f}",
            },
        )


def validate_currency(code: str) -> None:
    """Raise ValidationError unless `code` is a currency of ISO 4217."""
    if code not in Locale.parse("en").currencies:
        raise ValidationError(
            "%(code)s is not a currency code of ISO 4217, such as USD, GBP or AUD.",
            code="currency",
            params={"code": code},
        )
