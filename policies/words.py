"""How lists, numbers and days are written wherever a rule is put in words."""

from collections.abc import Iterable
from decimal import Decimal

from employees.typed_money import amount_text


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


def days(count: int) -> str:
    """A number of days: "1 day", "30 days"."""
    return "1 day" if count == 1 else f"{count} days"
