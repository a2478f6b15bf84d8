"""Which filter an export was pulled with, as people say it: “October 2026 · Forno · free-pizza”."""

from collections.abc import Iterator, Mapping
from typing import Any

from budgets.days import read_month
from employees.counts import counted

_SAID_ELSEWHERE = {"format"}


def in_words(asked: Mapping[str, Any], divisions: Mapping[str, str]) -> str:
    """The filter of a run; `divisions` are names by code, of those that the reader sees."""
    rest = {key: value for key, value in asked.items() if value not in ("", [], None)}
    words = [
        *_months(str(rest.pop("month_from", "")), str(rest.pop("month_to", ""))),
        *(_one(key, value, divisions) for key, value in rest.items() if key not in _SAID_ELSEWHERE),
    ]
    return " · ".join(words) or "everything"


def _months(first: str, last: str) -> Iterator[str]:
    if first and first == last:
        yield _month(first)
    elif first and last:
        yield f"{_month(first)} to {_month(last)}"
    elif first:
        yield f"from {_month(first)}"
    elif last:
        yield f"up to {_month(last)}"


def _month(text: str) -> str:
    try:
        return f"{read_month(text):%B %Y}"
    except ValueError:
        return text


def _one(key: str, value: Any, divisions: Mapping[str, str]) -> str:
    if key == "after":
        return "what was new"
    if key == "columns":
        return counted(len(str(value).split(",")), "column")
    if key == "division":
        return divisions.get(str(value), str(value))
    return f"{key.replace('_', ' ')} {value}"
