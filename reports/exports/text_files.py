"""CSV and JSON Lines: straight from PostgreSQL's COPY, or row by row, with the same bytes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reports.exports.kinds import Expression, Kind, csv_cell, csv_in_sql, json_in_sql, json_value
from reports.exports.rows import Source
from reports.exports.table import Column

Columns = Sequence[Column]
FIRST_ROWS = 1000
# PostgreSQL ends what it reads there, so that it writes a cell that is all of its line in quotes.
_QUOTED_ALONE = {"\\.": '"\\."'}


@dataclass(frozen=True, slots=True)
class TextFile:
    """A kind of text file, as PostgreSQL and as Python write it.

    `copy` frames PostgreSQL's statement around the cells' query.
    """

    head: Callable[[Columns], str]
    line: Callable[[Columns, Sequence[Any], int], str]
    in_sql: Callable[[Kind, Expression, Expression], Expression]
    copy: Callable[[Columns, str], str]


def _csv_head(columns: Columns) -> str:
    return ",".join(column.name for column in columns) + "\n"


def _csv_line(columns: Columns, row: Sequence[Any], places: int) -> str:
    cells = (
        csv_cell(column.kind, value, places) for column, value in zip(columns, row, strict=True)
    )
    line = ",".join(cells)
    return f"{_QUOTED_ALONE.get(line, line)}\n"


def _json_line(columns: Columns, row: Sequence[Any], places: int) -> str:
    pairs = (
        f'"{column.name}":{json_value(column.kind, value, places)}'
        for column, value in zip(columns, row, strict=True)
    )
    return "{" + ",".join(pairs) + "}\n"


def _copy_csv(_columns: Columns, query: str) -> str:
    return f"COPY ({query}) TO STDOUT (FORMAT csv)"


def _copy_json(columns: Columns, query: str) -> str:
    """As CSV of one cell, whose quotes and commas are signs that JSON never holds: it stays as is.

    COPY's own text format would double every backslash.
    """
    named = ", ".join(f'cell_{number} AS "{column.name}"' for number, column in enumerate(columns))
    return (
        f"COPY (SELECT row_to_json(line) FROM (SELECT {named} FROM ({query}) cells) line) "
        r"TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"
    )


CSV = TextFile(_csv_head, _csv_line, csv_in_sql, _copy_csv)
JSONL = TextFile(lambda _: "", _json_line, json_in_sql, _copy_json)


def lines(file: TextFile, source: Source) -> Iterator[bytes]:
    """Each row's line, in UTF-8, by the quickest way that there is."""
    if source.own.vendor == "postgresql":
        return copied(file, source)
    return written(file, source)


def copied(file: TextFile, source: Source) -> Iterator[bytes]:
    """The lines as PostgreSQL's COPY sends them: one message is one row."""
    for part in _few_first(source):
        with source.own.cursor() as cursor, cursor.copy(copy_statement(file, part)) as copy:
            yield from copy


def _few_first(source: Source) -> list[Source]:
    """The same rows, the first few apart: they are there at once.

    A million rows are quickest joined all together and put in order at the end; so the first would
    come after seconds.
    """
    rows = source.rows
    table = rows.model._meta.db_table
    with source.own.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id OFFSET %s LIMIT 1", [FIRST_ROWS])
        found = cursor.fetchone()
    if found is None:
        return [source]
    parts = rows.filter(pk__lt=found[0]), rows.filter(pk__gte=found[0])
    return [replace(source, rows=part) for part in parts]


def copy_statement(file: TextFile, source: Source) -> str:
    """The COPY of an export. It takes no parameters, so that they are written into it."""
    from psycopg import ClientCursor

    places = source.places
    cells = [file.in_sql(column.kind, column.expression, places) for column in source.columns]
    query, params = source.compiler(cells).as_sql()
    return file.copy(source.columns, ClientCursor(source.own.connection).mogrify(query, params))


def written(file: TextFile, source: Source) -> Iterator[bytes]:
    """The lines as Python writes them."""
    for *row, places in source.values():
        yield file.line(source.columns, row, places).encode()
