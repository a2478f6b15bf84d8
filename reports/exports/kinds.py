"""The kinds of values that columns hold, and how each is written, by PostgreSQL and by Python.

What must stay true: both write the same text. PostgreSQL writes text files by itself (`in_sql`),
which is quick; Python writes them where there is no PostgreSQL (`text`), and all other files.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from employees.cells import FORMULA_SIGNS, NEVER_FIRST, PASSED_OVER, escaped

Expression: TypeAlias = Combinable | models.Expression


class Kind(StrEnum):
    """What a column's values are. Programs rely on these words: they stay."""

    CODE = "code"
    TEXT = "text"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    MOMENT = "timestamp"
    YES_NO = "boolean"


@dataclass(frozen=True, slots=True)
class Writing:
    """How the values of one kind are written as text.

    `in_sql` makes PostgreSQL's expression of a source and the places of its currency; `text`
    writes a value that is not None, given its currency's places.
    """

    in_sql: Callable[[Expression, Expression], Expression]
    text: Callable[[Any, int], str]


def _to_char(source: Expression, pattern: str) -> Expression:
    return Func(source, Value(pattern), function="to_char", output_field=models.TextField())


def _as_text(source: Expression) -> Expression:
    return Cast(source, models.TextField())


def _moment(value: datetime, _places: int) -> str:
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _day(value: date, _places: int) -> str:
    return value.isoformat()


def _money(value: Decimal, places: int) -> str:
    """Halves go up, as in PostgreSQL: a format by itself would take them to the even side."""
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def _rounded(source: Expression, places: Expression) -> Expression:
    return Func(source, places, function="round", output_field=models.TextField())


_PLAIN = Writing(lambda source, _: source, lambda value, _: str(value))
WRITINGS: dict[Kind, Writing] = {
    Kind.CODE: _PLAIN,
    Kind.TEXT: _PLAIN,
    Kind.INTEGER: _PLAIN,
    Kind.MONEY: Writing(_rounded, _money),
    Kind.DATE: Writing(lambda source, _: _to_char(source, "YYYY-MM-DD"), _day),
    Kind.MONTH: Writing(
        lambda source, _: _to_char(source, "YYYY-MM"), lambda value, _: value.isoformat()[:7]
    ),
    Kind.MOMENT: Writing(
        lambda source, _: _to_char(source, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), _moment
    ),
    Kind.YES_NO: Writing(lambda source, _: source, lambda value, _: "true" if value else "false"),
}


class EscapedInSql(Func):
    """`employees.cells.escaped` in PostgreSQL.

    Nearly every text begins with a letter or a digit, which comparing bytes tells: looking past
    blanks and quotes takes much longer.
    """

    output_field = models.TextField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:  # type: ignore[override]
        """Put an apostrophe before what would run as a formula."""
        text, params = compiler.compile(self.source_expressions[0])
        byte = f'{text} COLLATE "C"'
        sql: list[tuple[str, list[Any]]] = [
            (f"CASE WHEN ({byte} >= 'A'", []),
            (f" AND {byte} < '{{')", []),
            (f" OR ({byte} >= '0'", []),
            (f" AND {byte} < ':')", []),
            (f" THEN {text}", []),
            (f" WHEN left({text}, 1) = ANY(%s)", [list(NEVER_FIRST)]),
            (f" OR left(ltrim({text}, %s), 1) = ANY(%s)", [PASSED_OVER, list(FORMULA_SIGNS)]),
            (f" THEN chr(39) || {text}", []),
            (f" ELSE {text} END", []),
        ]
        written = "".join(part for part, _ in sql)
        return written, [param for _, rules in sql for param in (*params, *rules)]


def csv_in_sql(kind: Kind, source: Expression, places: Expression) -> Expression:
    """PostgreSQL's expression of a cell of a CSV file."""
    written = WRITINGS[kind].in_sql(source, places)
    if kind is Kind.TEXT:
        return EscapedInSql(written)
    return _as_text(written) if kind is Kind.YES_NO else written


def json_in_sql(kind: Kind, source: Expression, places: Expression) -> Expression:
    """PostgreSQL's expression of a value of a JSON line: money is text, with its places."""
    written = WRITINGS[kind].in_sql(source, places)
    return _as_text(written) if kind is Kind.MONEY else written


def csv_cell(kind: Kind, value: Any, places: int) -> str:
    """A cell of a CSV file, quoted as PostgreSQL does: None is empty, and no text is `""`."""
    if value is None:
        return ""
    text = WRITINGS[kind].text(value, places)
    if kind is Kind.TEXT:
        text = escaped(text)
    if text and not any(sign in text for sign in ',"\n\r'):
        return text
    return '"' + text.replace('"', '""') + '"'


def json_value(kind: Kind, value: Any, places: int) -> str:
    """A value of a JSON line, as PostgreSQL's `row_to_json` writes it."""
    if value is None:
        return "null"
    text = WRITINGS[kind].text(value, places)
    bare = kind in (Kind.INTEGER, Kind.YES_NO)
    return text if bare else json.dumps(text, ensure_ascii=False)
