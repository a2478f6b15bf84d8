"""What Django says of a field that is missing, too long or not to be read, in our own words.

One place for all of them: our pages and acts speak plainly, and so do the checks they stand on.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MISSING = "Fill this in."
_CHOOSE = "Choose among what is offered."
_TOO_MANY_DIGITS = "That has too many digits: write fewer."
_WORDS: dict[str, str] = {
    "required": MISSING,
    "blank": MISSING,
    "null": MISSING,
    "invalid_choice": _CHOOSE,
    "invalid_list": _CHOOSE,
    "invalid_pk_value": _CHOOSE,
    "min_value": "Write %(limit_value)s or more.",
    "max_value": "That is too much: write a smaller number.",
    "max_digits": _TOO_MANY_DIGITS,
    "max_whole_digits": _TOO_MANY_DIGITS,
    "max_decimal_places": "Write at most %(max)s places after the point.",
    "max_length": "Write at most %(limit_value)s characters: these are %(show_value)s.",
    "null_characters_not_allowed": "It has a character in it that can’t be kept: write it anew.",
}
_UNREADABLE: list[tuple[type[forms.Field], str]] = [
    (forms.DateTimeField, "Write a day and a time, such as 2027-01-31 09:00."),
    (forms.DateField, "Write a day, such as 2027-01-31."),
    (forms.DecimalField, "Write a number, such as 25.00."),
    (forms.IntegerField, "Write a whole number."),
]


def speak_plainly(fields: Iterable[forms.Field]) -> None:
    """Let form fields refuse in our words; what a form says itself of a field stays."""
    for field in fields:
        unreadable = next((w for kind, w in _UNREADABLE if isinstance(field, kind)), None)
        plain = _WORDS | ({"invalid": unreadable} if unreadable else {})
        ours = {code: words for code, words in field.error_messages.items() if _is_ours(words)}
        field.error_messages = {**field.error_messages, **plain, **ours}


def in_plain_words(error: ValidationError) -> ValidationError:
    """The error itself, with what a model's own checks say of its fields put in our words."""
    lists = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    for one in chain.from_iterable(lists):
        if not _is_ours(one.message):
            one.message = _WORDS.get(one.code or "", one.message)
    return error


def _is_ours(words: Any) -> bool:
    """Whether we wrote it: Django's own texts are translated late, and are no plain text."""
    return isinstance(words, str)
