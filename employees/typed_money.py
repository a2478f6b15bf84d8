"""What a person types for an amount of money, read exactly or not at all, and written back so.

People write "$23.50", "1,250.00" or "A$ 62". Each has one meaning. "23,50" or "1.250,00" could
be meant otherwise than it would be read, so that they are asked again instead of being guessed at.
"""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from employees.money import currency_symbol, places

_LONGEST = 40  # characters; more is no amount
_PLACES_LIKE_THOUSANDS = 3
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}([, ])\d{3}(\1\d{3})*(\.\d*)?", re.ASCII)


def read_typed_money(text: str, currency: str) -> Decimal:
    """The amount that was typed, in `currency`. Raises ValidationError, saying what to write.

    Signs and places are taken as they are: whether it may be negative, or so exact, is for the
    act that uses it to say.
    """
    typed = re.sub(r"\s+", " ", text.strip())
    bare = _without_sign(typed, currency)
    if len(typed) <= _LONGEST and _PLAIN.fullmatch(bare):
        return Decimal(bare)
    if len(typed) <= _LONGEST and _is_grouped(bare, currency):
        return Decimal(bare.replace(",", "").replace(" ", ""))
    raise ValidationError(_what_to_write(bare, currency), code="amount")


def read_plain_number(text: str) -> Decimal:
    """The number that was typed where no currency is known: digits and a point, nothing else.

    Raises ValidationError, saying what to write.
    """
    typed = text.strip()
    if len(typed) <= _LONGEST and _PLAIN.fullmatch(typed):
        return Decimal(typed)
    raise ValidationError("Write a number, such as 25.00.", code="amount")


def amount_text(amount: Decimal, at_least: int) -> str:
    """The amount as one would type it: 25.0000 as 25.00, with `at_least` so many places.

    More places are written only where they are used, so that no amount is changed by it.
    """
    whole, _, fraction = f"{amount:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(at_least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _without_sign(typed: str, currency: str) -> str:
    """The number alone. A minus may stand before the currency's sign or after it."""
    minus = "-" if typed.startswith(("-", "\u2212")) else ""
    bare = typed[1:].lstrip() if minus else typed
    symbol = currency_symbol(currency)
    # Where one pays in A$, people write $ just as well: a form has one currency.
    for sign in (symbol, currency, symbol[-1]):
        if bare.upper().startswith(sign.upper()):
            return minus + bare[len(sign) :].strip()
        if bare.upper().endswith(sign.upper()):
            return minus + bare[: -len(sign)].strip()
    return minus + bare


def _is_grouped(bare: str, currency: str) -> bool:
    """Whether commas or blanks can only stand between thousands.

    In a currency of three places "1,250" could be one and a quarter, unless a point follows.
    """
    grouped = _GROUPED.fullmatch(bare)
    if grouped is None:
        return False
    return "." in bare or grouped[1] == " " or places(currency) != _PLACES_LIKE_THOUSANDS


def _what_to_write(bare: str, currency: str) -> str:
    decimals = places(currency)
    if decimals and re.fullmatch(rf"\d+,\d{{1,{decimals}}}", bare, re.ASCII):
        return f"Write it with a point: {bare.replace(',', '.')}."
    example = Decimal("23.5").quantize(Decimal(1).scaleb(-decimals))
    return f"Write an amount of money, such as {example}."
