"""Filters of lists that every app has: by a code or name of something, by time, amount and text."""

import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CharField, Field
from django.http import QueryDict
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import CharFilter, ChoiceFilter, IsoDateTimeFilter
from drf_spectacular.drainage import set_override

from employees.api.authentication import employee_of
from employees.moments import in_utc
from employees.money import STORED_PLACES

Among: TypeAlias = Callable[[Any], QuerySet[Any]]
Errors: TypeAlias = dict[str, list[str]]

DAY_OR_MOMENT = "A day, or a moment, which is in UTC unless it says its zone."
NOT_INCLUDED = "Not included. " + DAY_OR_MOMENT
_AMOUNT = rf"-?[0-9]{{1,10}}(\.[0-9]{{1,{STORED_PLACES}}})?"
# Something to see must be in it; no database can be asked about NUL.
TEXT = {"type": "string", "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$"}


class Described:
    """A filter that OpenAPI describes by `schema` and its own `help_text`."""

    schema: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_override(self, "field", self.schema | {"description": kwargs["help_text"]})


class _Moment(IsoDateTimeField):  # type: ignore[misc]
    """A moment that every database can be asked about."""

    default_error_messages: ClassVar = {
        "invalid": "Write a day or a moment, such as 2026-11-01 or 2026-11-01T09:30:00Z."
    }

    def clean(self, value: Any) -> Any:
        """Bring it to UTC. Raises ValidationError, also for the first and the last day of all."""
        moment = super().clean(value)
        return moment and in_utc(moment)


class MomentFilter(Described, IsoDateTimeFilter):  # type: ignore[misc]
    """From or to a moment, in UTC unless it says its zone."""

    schema = {
        "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
        "example": "2026-11-01",
    }
    field_class = _Moment


class _Amount(CharField):
    """An amount of money, as text with digits."""

    def clean(self, value: Any) -> Any:
        """Read it. Raises ValidationError: a float could be a cent beside what was meant."""
        text = super().clean(value)
        if text and not re.fullmatch(_AMOUNT, text):
            raise ValidationError("Write an amount in digits, such as 5.00.")
        return Decimal(text) if text else None


class AmountFilter(Described, CharFilter):  # type: ignore[misc]
    """From or to an amount of money, in the row's own currency."""

    schema = {"type": "string", "pattern": f"^{_AMOUNT}$", "example": "5.00"}
    field_class = _Amount


class TextFilter(Described, CharFilter):  # type: ignore[misc]
    """By text, exactly as it was told."""

    schema = TEXT


class OneOfFilter(ChoiceFilter):  # type: ignore[misc]
    """By one of a few words that stay."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        listed = ", ".join(word for word, _ in choices)
        refusal = {"invalid_choice": f"There is no such word here. There is: {listed}."}
        super().__init__(*args, choices=choices, error_messages=refusal, **kwargs)


class KnownFilter(Described, CharFilter):  # type: ignore[misc]
    """By code or name, where one that there is not is refused: a slip is no empty list.

    `among` says which there are for someone; what is not theirs to see is not there. One query.
    """

    schema = TEXT

    def __init__(self, *args: Any, among: Among, by: str = "code", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among, self.by = among, by

    @property
    def field(self) -> Field:
        """The form's field, which looks it up: each its own, as it knows who asks."""
        field: Field = copy(super().field)
        field.validators = [*field.validators, self._must_be_known]
        return field

    def asked_by(self) -> Any:
        """Whoever `among` is asked for."""
        return employee_of(self.parent.request)

    def _must_be_known(self, value: str) -> None:
        self.keys(value)

    def keys(self, value: str) -> list[Any]:
        """The keys of those that are called so. Raises ValidationError where there is none."""
        if "\x00" in value:  # refused by the field itself; PostgreSQL can't be asked
            return []
        there = self.among(self.asked_by())
        keys = list(there.filter(**{self.by: value}).order_by().values_list("pk", flat=True))
        if not keys:
            kind = there.model._meta.verbose_name
            raise ValidationError(f"There is no {kind} with this {self.by} among those you see.")
        return keys


class KeyFilter(KnownFilter):
    """By code or name, where the list is then asked for the keys that were found.

    So it needs no join, and finds its rows by an index. A name is unique in its division only:
    whoever sees several divisions means it in all of them.
    """

    @property
    def field(self) -> Field:
        """The form's field, whose value is the keys."""
        field: Field = copy(super(KnownFilter, self).field)
        usual = field.clean

        def clean(value: Any) -> Any:
            text = usual(value)
            return text and self.keys(text)

        field.clean = clean  # type: ignore[method-assign]
        return field

    def filter(self, qs: QuerySet[Any], value: list[Any]) -> QuerySet[Any]:
        """Keep what belongs to them."""
        kept: QuerySet[Any] = qs.filter(**{f"{self.field_name}__in": value}) if value else qs
        return kept


def not_to_be_filtered(told: QueryDict, known: Iterable[str], beside: Iterable[str] = ()) -> Errors:
    """What is wrong with the names of filters, by name; `beside` are parameters of other kinds.

    A mistyped filter, or an empty one, must not answer with everything, nor one of two.
    """
    listed = ", ".join(sorted(known)) or "none"
    allowed, errors = {*known, *beside}, {}
    for name, value in told.items():
        if name not in allowed:
            errors[name] = [f"There is no such filter here. There is: {listed}."]
        elif not str(value).strip():
            errors[name] = ["Write what to look for, or leave it out."]
        elif len(told.getlist(name)) > 1:
            errors[name] = ["Write it once: one of the two would be passed over."]
    return errors
