"""The cells of a row, read into the rule that they mean; what is wrong is told by column.

A cell that says what the rule says already is not read again: a rule stays as it is, even where it
could not be written so today.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone

from employees.cells import OneOf, WholeNumber, YesNo
from employees.moments import in_utc
from employees.money import refuse_too_many_places
from employees.typed_money import read_plain_number, read_typed_money
from policies.matrix.codes import Codes
from policies.matrix.conditions import read_conditions
from policies.matrix.quoting import read_list
from policies.matrix.rows import plain
from policies.matrix.sketch import set_related
from policies.models import Channel, Effect, Measure, Per, Policy

_TOO_LARGE = Decimal(10) ** 10  # no column of money holds it
_MOMENTS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
)

Errors = dict[str, list[str]]


def read_cells(
    sketch: Policy, cells: Mapping[str, str], codes: Codes, *, said: Mapping[str, str]
) -> Errors:
    """Change the sketch to what the cells say; `said` is the row that it came from.

    Answers with what is wrong, by column.
    """
    errors: Errors = {}
    for name, read in _READERS.items():
        if name not in cells or (cells[name] == said.get(name)):
            continue
        try:
            read(sketch, cells[name], codes)
        except ValidationError as error:
            errors[name] = list(error.messages)
        except ValueError as error:
            errors[name] = [str(error)]
    return errors


def read_moment(text: str) -> datetime | None:
    """A moment in the person's time zone, of which there is exactly one; empty is none.

    Raises ValueError or ValidationError.
    """
    if not text:
        return None
    for form in _MOMENTS:
        try:
            naive = datetime.strptime(text, form)  # noqa: DTZ007  (made aware below)
        except ValueError:
            continue
        return in_utc(from_current_timezone(naive))
    raise ValueError(f"“{text[:40]}”: write 2026-03-01, or 2026-03-01 09:30.")


def _text(name: str) -> Callable[[Policy, str, Codes], None]:
    return lambda sketch, text, codes: setattr(sketch, name, plain(text))


def _one_of(name: str, choices: list[tuple[str, str]], empty: str) -> Callable[..., None]:
    widget = OneOf(choices)

    def read(sketch: Policy, text: str, codes: Codes) -> None:
        known = text.lower() if text.lower() in widget.choices else text
        setattr(sketch, name, widget.clean(known) if text else empty)

    return read


def _effect(sketch: Policy, text: str, codes: Codes) -> None:
    if not text:
        raise ValueError(f"Write one of {', '.join(Effect.values)}.")
    _one_of("effect", list(Effect.choices), "")(sketch, text, codes)
    if sketch.effect == Effect.FORBID:
        sketch.measure, sketch.value = "", None


def _measure(sketch: Policy, text: str, codes: Codes) -> None:
    if text and sketch.effect == Effect.FORBID:
        raise ValueError("A rule that forbids counts nothing: leave it empty.")
    _one_of("measure", list(Measure.choices), "")(sketch, text, codes)


def _value(sketch: Policy, text: str, codes: Codes) -> None:
    if not text:
        sketch.value = None
        return
    if sketch.effect == Effect.FORBID:
        raise ValueError("A rule that forbids has no value: leave it empty, or write restrict.")
    if text.endswith("%") and sketch.measure == Measure.PERCENT:
        value = read_plain_number(text[:-1])
    elif sketch.measure == Measure.AMOUNT:
        value = read_typed_money(text, codes.division.currency)
    else:
        value = read_plain_number(text)
    if not 0 <= value < _TOO_LARGE:
        raise ValueError("Write a number from 0 on, below 10,000,000,000.")
    if sketch.measure == Measure.AMOUNT:
        refuse_too_many_places(value, codes.division.currency)
    if value != round(value, 4):
        raise ValueError("Write at most four places after the point.")
    sketch.value = value


def _window_days(sketch: Policy, text: str, codes: Codes) -> None:
    sketch.window_days = WholeNumber().clean(text)


def _scope(name: str) -> Callable[[Policy, str, Codes], None]:
    def read(sketch: Policy, text: str, codes: Codes) -> None:
        found = [codes.scopes[name].find(each) for each in read_list(text)]
        set_related(sketch, name, list({row.pk: row for row in found}.values()))

    return read


def _channels(sketch: Policy, text: str, codes: Codes) -> None:
    by_words = {str(label).lower(): value for value, label in Channel.choices}
    found = [by_words.get(word.lower(), word.lower()) for word in read_list(text)]
    for channel in found:
        if channel not in Channel.values:
            known = ", ".join(Channel.values)
            raise ValueError(f"“{channel[:40]}” is not a channel. Known: {known}.")
    sketch.channels = [c for c in Channel.values if c in found]


def _conditions(sketch: Policy, text: str, codes: Codes) -> None:
    conditions = read_conditions(text, codes.facts, codes.division.currency)
    set_related(sketch, "conditions", conditions)


def _yes_no(name: str) -> Callable[[Policy, str, Codes], None]:
    return lambda sketch, text, codes: setattr(sketch, name, YesNo().clean(text))


def _moment(name: str) -> Callable[[Policy, str, Codes], None]:
    return lambda sketch, text, codes: setattr(sketch, name, read_moment(text))


# In this order: what a value means depends on effect and measure.
_READERS: dict[str, Callable[[Policy, str, Codes], None]] = {
    "title": _text("title"),
    "effect": _effect,
    "measure": _measure,
    "value": _value,
    "per": _one_of("per", list(Per.choices), Per.CASE),
    "window_days": _window_days,
    "reason_codes": _scope("reason_codes"),
    "remedies": _scope("remedies"),
    "tiers": _scope("tiers"),
    "teams": _scope("teams"),
    "channels": _channels,
    "conditions": _conditions,
    "entitlement": _yes_no("entitlement"),
    "allows_grace": _yes_no("allows_grace"),
    "review_afterwards": _yes_no("review_afterwards"),
    "rationale": _text("rationale"),
    "customer_wording": _text("customer_wording"),
    "starts_at": _moment("starts_at"),
    "ends_at": _moment("ends_at"),
}
