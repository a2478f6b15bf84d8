"""Facts: what a rule's conditions compare, and how their values are read.

Some facts the program knows by itself (`BUILT_IN`); a reason code asks for others, such as
*minutes late*. A value is a Decimal, a bool or a text, by the fact's kind, and never a float.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models

FactValue: TypeAlias = Decimal | bool | str
Facts: TypeAlias = Mapping[str, FactValue]

_LARGEST = Decimal(10) ** 9
_YES = {"yes", "true", "1", "on"}
_NO = {"no", "false", "0", "off"}


class FactKind(models.TextChoices):
    """What a fact's value is."""

    NUMBER = "number", "Number"
    MONEY = "money", "Amount of money"
    YES_NO = "yes_no", "Yes or no"
    CHOICE = "choice", "One of a list"


class Operator(models.TextChoices):
    """How a condition compares a fact with its value."""

    EQUAL = "eq", "is"
    NOT_EQUAL = "ne", "is not"
    LESS = "lt", "is less than"
    AT_MOST = "le", "is at most"
    MORE = "gt", "is more than"
    AT_LEAST = "ge", "is at least"
    IN = "in", "is one of"


ORDERED = {FactKind.NUMBER, FactKind.MONEY}
ORDER_OPERATORS = {Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST}


@dataclass(frozen=True, slots=True)
class FactTerms:
    """A fact by its key, with the words for it and the kind of its value."""

    key: str
    label: str
    kind: FactKind
    unit: str = ""
    windowed: bool = False  # counted within a number of days that the condition names
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def value_type(self) -> type[FactValue]:
        """What a value of this kind is in Python."""
        match self.kind:
            case FactKind.YES_NO:
                return bool
            case FactKind.CHOICE:
                return str
        return Decimal


BUILT_IN: dict[str, FactTerms] = {
    fact.key: fact
    for fact in (
        FactTerms("order_value", "order value", FactKind.MONEY),
        FactTerms("days_since_order", "days since the order", FactKind.NUMBER, "days"),
        FactTerms("channel", "channel", FactKind.CHOICE),
        FactTerms("customer_segment", "customer segment", FactKind.CHOICE),
        FactTerms("days_as_customer", "days as a customer", FactKind.NUMBER, "days"),
        FactTerms(
            "earlier_resolutions",
            "earlier resolutions of this customer",
            FactKind.NUMBER,
            windowed=True,
        ),
        FactTerms(
            "earlier_value",
            "value given to this customer earlier",
            FactKind.MONEY,
            windowed=True,
        ),
        FactTerms(
            "earlier_same",
            "earlier resolutions of the same kind",  # with a remedy that the rule is about
            FactKind.NUMBER,
            windowed=True,
        ),
        FactTerms("lifetime_value", "lifetime value of the customer", FactKind.MONEY),
        FactTerms("second_failure", "second failure", FactKind.YES_NO),
    )
}


def comparable_facts(asked: Iterable[FactTerms]) -> dict[str, FactTerms]:
    """Every fact that a condition can compare, by its key: built in, or asked by reason codes.

    Several may ask for one key, each with choices of its own: a condition compares any of them.
    """
    known = dict(BUILT_IN)
    for fact in asked:
        before = known.get(fact.key, fact)
        every = before.choices and fact.choices  # without choices, any word is one
        choices = tuple(dict.fromkeys(before.choices + fact.choices)) if every else ()
        known[fact.key] = replace(fact, choices=choices)
    return known


def read_value(fact: FactTerms, raw: Any) -> FactValue:
    """Read one value of a fact from what a form, a file or an API call holds.

    Raises ValidationError saying what would be right.
    """
    match fact.kind:
        case FactKind.YES_NO:
            return _read_yes_no(fact, raw)
        case FactKind.NUMBER | FactKind.MONEY:
            return _read_number(fact, raw)
        case FactKind.CHOICE:
            return _read_choice(fact, raw)


def read_values(fact: FactTerms, raw: str) -> frozenset[FactValue]:
    """Read the comma-separated values of an *is one of* condition. Raises ValidationError."""
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    if not parts:
        raise ValidationError(f"Write at least one value for {fact.label}.")
    return frozenset(read_value(fact, part) for part in parts)


def _read_yes_no(fact: FactTerms, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError(f"{fact.label.capitalize()}: answer yes or no.")


def _read_number(fact: FactTerms, raw: Any) -> Decimal:
    wrong = ValidationError(f"{fact.label.capitalize()}: write a number, such as 30.")
    if isinstance(raw, bool | float | list | dict) or raw is None:
        raise wrong
    text = str(raw).strip()
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?", text, re.ASCII):
        raise wrong
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise wrong from None
    if not 0 <= number < _LARGEST:
        raise ValidationError(f"{fact.label.capitalize()}: write a number from 0 to 999,999,999.")
    return number


def _read_choice(fact: FactTerms, raw: Any) -> str:
    text = str(raw).strip() if isinstance(raw, str) else ""
    if not text or (fact.choices and text not in fact.choices):
        listed = ", ".join(fact.choices) or "a word"
        raise ValidationError(f"{fact.label.capitalize()}: choose one of {listed}.")
    return text
