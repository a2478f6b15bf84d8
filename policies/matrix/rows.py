"""A rule as the cells of its row: the one form in which an export writes it.

Two rules say the same when their rows are the same. Cells are text here; `csv_file.py` and
`xlsx.py` keep spreadsheets from running any of it.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from employees.money import places
from employees.typed_money import amount_text
from policies.matrix.codes import Codes
from policies.matrix.columns import COLUMNS
from policies.matrix.conditions import write_conditions
from policies.matrix.quoting import write_list
from policies.models import Channel, Effect, Measure, Policy

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XLSX can't hold


def cells_of(rule: Policy, codes: Codes) -> dict[str, str]:
    """The row of a rule that was read with `readable`."""
    return {column.name: plain(_WRITERS[column.name](rule, codes)) for column in COLUMNS}


def plain(text: str) -> str:
    """Text as every spreadsheet keeps it: one kind of line break, and nothing unprintable."""
    return _NO_TEXT.sub("", re.sub(r"\r\n?", "\n", text)).strip()


def moment_text(moment: datetime | None) -> str:
    """A moment to the minute, in the person's time zone; midnight is the day alone."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    midnight = (local.hour, local.minute) == (0, 0)
    return f"{local:%Y-%m-%d}" if midnight else f"{local:%Y-%m-%d %H:%M}"


def _value(rule: Policy, codes: Codes) -> str:
    if rule.value is None or rule.effect == Effect.FORBID:
        return ""
    is_money = rule.measure == Measure.AMOUNT
    return amount_text(rule.value, places(codes.division.currency) if is_money else 0)


def _scope(name: str) -> Callable[[Policy, Codes], str]:
    def write(rule: Policy, codes: Codes) -> str:
        return write_list(sorted(map(codes.scopes[name].code_of, getattr(rule, name).all())))

    return write


def _text(name: str) -> Callable[[Policy, Codes], str]:
    return lambda rule, codes: str(getattr(rule, name))


def _yes_no(name: str) -> Callable[[Policy, Codes], str]:
    return lambda rule, codes: "yes" if getattr(rule, name) else "no"


def _moment(name: str) -> Callable[[Policy, Codes], str]:
    return lambda rule, codes: moment_text(getattr(rule, name))


def _number(number: Any) -> str:
    return "" if number is None else str(number)


_WRITERS: dict[str, Callable[[Policy, Codes], str]] = {
    "rule_id": lambda rule, codes: str(rule.series),
    "title": _text("title"),
    "effect": _text("effect"),
    "measure": lambda rule, codes: "" if rule.effect == Effect.FORBID else str(rule.measure),
    "value": _value,
    "per": _text("per"),
    "window_days": lambda rule, codes: _number(rule.window_days),
    "reason_codes": _scope("reason_codes"),
    "remedies": _scope("remedies"),
    "tiers": _scope("tiers"),
    "teams": _scope("teams"),
    "channels": lambda rule, codes: write_list([c for c in Channel.values if c in rule.channels]),
    "conditions": lambda rule, codes: write_conditions(
        rule.conditions.all(), codes.facts, codes.division.currency
    ),
    "entitlement": _yes_no("entitlement"),
    "allows_grace": _yes_no("allows_grace"),
    "review_afterwards": _yes_no("review_afterwards"),
    "rationale": _text("rationale"),
    "customer_wording": _text("customer_wording"),
    "starts_at": _moment("starts_at"),
    "ends_at": _moment("ends_at"),
}
