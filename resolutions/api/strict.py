"""Fields that take exactly what they are for, and say kindly what would be right.

A mistyped name must not silently drop money, and no number may lose a cent on its way: unknown
fields are refused, text is text, and money is text with digits.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_MONEY = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)
MOST_FACTS = 50
LONGEST_FACT = 400


class Strict(serializers.Serializer[Any]):
    """An object that refuses fields it does not know."""

    default_error_messages = {"invalid": "Send an object, with names and values."}

    def to_internal_value(self, data: Any) -> Any:
        """Read the object. Raises ValidationError with everything that is wrong."""
        listed = ", ".join(self.fields)
        errors: dict[str, Any] = {
            name: [f"There is no such field here. There is: {listed}."]
            for name in (data if isinstance(data, Mapping) else ())
            if name not in self.fields
        }
        try:
            read = super().to_internal_value(data)
        except serializers.ValidationError as wrong:
            raise serializers.ValidationError({**wrong.detail, **errors}) from None  # type: ignore[dict-item]
        if errors:
            raise serializers.ValidationError(errors)
        return read


def text(longest: int, *, filled: bool = False, lines: bool = False) -> dict[str, Any]:
    """Describe a text as the acts take it: how long, whether it must say something, and of lines.

    The act's own sentence says what would be right; this says it to programs.
    """
    kept = r"[^\x00]" if lines else r"[^\x00-\x1f\x7f-\x9f]"
    seen = r"[^\s\x00]" if lines else r"[^\s\x00-\x1f\x7f-\x9f]"
    pattern = f"^{kept}*{seen}{kept}*$" if filled else f"^{kept}*$"
    return {"type": "string", "maxLength": longest, "pattern": pattern}


class TextField(serializers.CharField):
    """Text in quotes. How long it may be is for the act to say."""

    default_error_messages = {
        "null": "Leave it out, or send text.",
        "not_text": "Send text, in quotes.",
    }

    def __init__(self, *, described: dict[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("allow_blank", True)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)
        if described:
            set_override(self, "field", described)

    def to_internal_value(self, data: Any) -> str:
        """Take text as it is; a number would lose its leading zeros."""
        if not isinstance(data, str):
            self.fail("not_text")
        return super().to_internal_value(data)


@extend_schema_field(
    {"type": "string", "pattern": r"^[0-9]{1,8}(\.[0-9]{1,4})?$", "example": "5.00"}
)
class MoneyTextField(serializers.Field[Any, Any, Any, Any]):
    """An amount of money as text, such as "5.00", in the division's currency."""

    default_error_messages = {
        "not_text": "Write the amount as text, such as “5.00” in quotes: a number can lose cents.",
        "not_money": "Write an amount of money in digits, such as “5.00”.",
    }

    def to_internal_value(self, data: Any) -> Decimal:
        """Read the amount, exactly. Whether it can be meant so is for the act to say."""
        if not isinstance(data, str):
            self.fail("not_text")
        if not _MONEY.fullmatch(data):
            self.fail("not_money")
        return Decimal(data)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": 1_000_000, "example": 1})
class QuantityField(serializers.Field[Any, Any, Any, Any]):
    """A whole number of units: days, GB, pizzas."""

    default_error_messages = {"not_whole": "Send a whole number, such as 2, without quotes."}

    def to_internal_value(self, data: Any) -> int:
        """Take a whole number and nothing that only looks like one."""
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("not_whole")
        return data


class YesNoField(serializers.BooleanField):
    """True or false, and nothing that may mean either."""

    def to_internal_value(self, data: Any) -> bool:
        """Take a boolean as it is. Raises ValidationError for all else."""
        if not isinstance(data, bool):
            raise serializers.ValidationError("Send true or false.")
        return data


@extend_schema_field(
    {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    }
)
class FactsField(serializers.Field[Any, Any, Any, Any]):
    """What the reason code asks for, by key: numbers, yes or no as true or false, or text."""

    default_error_messages = {
        "not_facts": "Send an object, with a value for each fact by its name.",
        "too_many": f"No reason code asks for more than {MOST_FACTS} facts.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Take plain values. Whether they fit is for the act to say."""
        if not isinstance(data, Mapping):
            self.fail("not_facts")
        if len(data) > MOST_FACTS:
            self.fail("too_many")
        errors = {key: [wrong] for key, value in data.items() if (wrong := _not_plain(value))}
        if errors:
            raise serializers.ValidationError(errors)
        return dict(data)


def _not_plain(value: Any) -> str | None:
    """Why a value is no fact, or None."""
    if value is None or isinstance(value, bool | int | Decimal):
        return None
    if not isinstance(value, str):
        return "Send a number, true or false, or text."
    if (
        len(value) > LONGEST_FACT
        or "\x00" in value
        or any("\ud800" <= c <= "\udfff" for c in value)
    ):
        return f"Send at most {LONGEST_FACT} characters, without NUL or broken ones."
    return None
