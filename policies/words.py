"""How lists, numbers and days are written wherever a rule is put in words."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from employees.money import format_money
from employees.typed_money import amount_text
from policies.rules import UNLIMITED, RemedyTerms


def names(rows: Iterable[object]) -> list[str]:
    """What the rows are called."""
    return [str(row) for row in rows]


def any_of(words: list[str]) -> str:
    """A list as people say it: "a", "a or b", "a, b or c"."""
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def number(value: Decimal) -> str:
    """A plain number without idle zeros: "100", "12.5"."""
    return amount_text(value, at_least=0)


def date_words(moment: datetime) -> str:
    """A moment as people write it, in the time zone of whoever reads it."""
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"


def days(count: int) -> str:
    """A number of days: "1 day", "30 days"."""
    return "1 day" if count == 1 else f"{count} days"


def measured(remedy: RemedyTerms, measure: Decimal) -> str:
    """An amount or a quantity of a remedy: "$16.00", "14 days", "1 pizza"."""
    if measure == UNLIMITED:
        return "no limit"
    if not remedy.by_quantity:
        return format_money(measure, remedy.currency)
    unit = remedy.unit if measure == 1 else remedy.unit_plural
    return f"{measure.normalize():f} {unit}".strip()
