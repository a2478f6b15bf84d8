"""PostgreSQL and Python write the same bytes, and both read back to what stands in the rows."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from employees.cells import unescaped
from employees.money import places
from reports.exports.kinds import Kind
from reports.exports.rows import Source, rows_for
from reports.exports.table import Column, Table
from reports.exports.tables import TABLES
from reports.exports.text_files import CSV, JSONL, TextFile, copied, lines, written
from reports.models import ExportName
from reports.reader import Reader
from resolutions.models import Case
from tests.cast import Cast
from tests.queries import assert_queries
from tests.reports.exports.odd_rows import TEXTS, odd_companies

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db
FILES = {"csv": CSV, "jsonl": JSONL}
Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def companies(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[list[Cast]]:
    """The rows, made once for all tests here and taken away afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield odd_companies()
        transaction.set_rollback(True)


@pytest.fixture
def reader(companies: Sequence[Cast], db: None) -> Reader:
    """Someone who reads all of it."""
    divisions = tuple(company.division for company in companies)
    return Reader("Ida", frozenset(ExportName.values), divisions, own_words=True)


def by(way: Any, file: TextFile, table: Table, reader: Reader, columns: Sequence[Column]) -> bytes:
    """The lines of a table as one of the ways writes them."""
    return b"".join(way(file, source_of(table, reader, columns)))


def held(table: Table, reader: Reader) -> list[Row]:
    """The rows' values, as Python has them, each with its currency's places at the end."""
    return list(source_of(table, reader, table.columns).values())


def source_of(table: Table, reader: Reader, columns: Sequence[Column]) -> Source:
    """All rows that someone reads, over this very connection."""
    return Source(table, columns, rows_for(reader, table), reader.divisions, connection)


@pytest.mark.postgres
@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", TABLES)
def test_copy_and_python_write_the_same_bytes(reader: Reader, name: str, kind: str) -> None:
    file, table = FILES[kind], TABLES[name]
    fast = by(copied, file, table, reader, table.columns).split(b"\n")
    slow = by(written, file, table, reader, table.columns).split(b"\n")
    assert len(fast) > 3 * len(TEXTS)
    assert [pair for pair in zip(fast, slow, strict=True) if pair[0] != pair[1]] == []


@pytest.mark.postgres
@pytest.mark.parametrize("kind", FILES)
def test_one_column_alone_is_the_same_too(reader: Reader, kind: str) -> None:
    """COPY writes a lone `\\.` and a lone NULL in ways of its own."""
    for table in TABLES.values():
        for column in table.columns:
            one = by(copied, FILES[kind], table, reader, [column])
            assert one == by(written, FILES[kind], table, reader, [column]), column.name


@pytest.mark.postgres
@pytest.mark.parametrize("amount", ["0.5", "2.5", "0.125", "0.1235"])
def test_halves_are_rounded_alike(reader: Reader, amount: str) -> None:
    """No amount has more places than its currency; if one ever has, the files still agree."""
    table = TABLES["cases"]
    Case.objects.filter(order_value__isnull=False).update(order_value=amount)
    columns = [table.column["order_value"]]
    assert by(copied, CSV, table, reader, columns) == by(written, CSV, table, reader, columns)


@pytest.mark.postgres
def test_copy_is_what_goes_out_on_postgres(reader: Reader) -> None:
    table = TABLES["cases"]
    with assert_queries(["select resolutions_case", "copy resolutions_case"]):
        by(lines, CSV, table, reader, table.columns)


@pytest.mark.parametrize("name", TABLES)
def test_csv_reads_back_to_the_values(reader: Reader, name: str) -> None:
    table = TABLES[name]
    text = by(lines, CSV, table, reader, table.columns).decode()
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == len(held(table, reader))
    for cells, row in zip(read, held(table, reader), strict=True):
        for column, cell, value in zip(table.columns, cells, row, strict=False):
            assert of_cell(column.kind, cell, nothing=value is None) == plain(column, value)


@pytest.mark.parametrize("name", TABLES)
def test_json_reads_back_to_the_values(reader: Reader, name: str) -> None:
    table = TABLES[name]
    text = by(lines, JSONL, table, reader, table.columns).decode()
    read = [json.loads(line) for line in text.split("\n")[:-1]]
    for told, row in zip(read, held(table, reader), strict=True):
        assert list(told) == [column.name for column in table.columns]
        for column, value in zip(table.columns, row, strict=False):
            cell = told[column.name]
            typed = {Kind.INTEGER: int, Kind.YES_NO: bool}.get(column.kind, str)
            assert cell is None or type(cell) is typed
            if cell is not None and typed is str:
                cell = of_cell(column.kind, str(cell), json=True)
            assert cell == plain(column, value)


def of_cell(kind: Kind, cell: str, *, nothing: bool = False, json: bool = False) -> Any:
    """The value of a cell. In CSV, nothing and an empty text are told apart by quotes alone."""
    if nothing:
        assert cell == ""
        return None
    match kind:
        case Kind.TEXT:
            return cell if json else unescaped(cell)
        case Kind.INTEGER:
            return int(cell)
        case Kind.MONEY:
            return Decimal(cell)
        case Kind.DATE:
            return date.fromisoformat(cell)
        case Kind.MONTH:
            return date.fromisoformat(f"{cell}-01")
        case Kind.MOMENT:
            return datetime.fromisoformat(cell)
        case Kind.YES_NO:
            return {"true": True, "false": False}[cell]
    return cell


def plain(column: Column, value: Any) -> Any:
    return str(value) if column.kind == Kind.CODE and value is not None else value


@pytest.mark.parametrize("kind", FILES)
def test_money_has_the_places_of_its_rows_currency(reader: Reader, kind: str) -> None:
    table = TABLES["resolutions"]
    columns = [table.column["currency"], table.column["cost"]]
    text = by(lines, FILES[kind], table, reader, columns).decode()
    rows = (
        [tuple(json.loads(line).values()) for line in text.splitlines()]
        if kind == "jsonl"
        else list(csv.reader(io.StringIO(text)))
    )
    assert {currency for currency, _ in rows} == {"USD", "JPY", "KWD"}
    for currency, cost in rows:
        assert len(cost.partition(".")[2]) == places(currency)
    assert ("KWD", "9999999999.999") in {tuple(row) for row in rows}


EXPECTED = {
    "csv": (
        '"",0.00,2026-10-31T23:59:59.000007Z,\n'
        " ,0.01,2026-10-31T23:59:59.000007Z,1\n"
        "plain,0.01,2026-10-31T23:59:59.000007Z,2\n"
        "0,5.00,2026-10-31T23:59:59.000007Z,3\n"
        '"a,b",1234567.89,2026-10-31T23:59:59.000007Z,4\n'
        '"say ""please""",9999999999.99,2026-10-31T23:59:59.000007Z,5\n'
    ),
    "jsonl": (
        '{"description":"","cost":"0.00","at":"2026-10-31T23:59:59.000007Z","quantity":null}\n'
        '{"description":" ","cost":"0.01","at":"2026-10-31T23:59:59.000007Z","quantity":1}\n'
        '{"description":"plain","cost":"0.01","at":"2026-10-31T23:59:59.000007Z","quantity":2}\n'
        '{"description":"0","cost":"5.00","at":"2026-10-31T23:59:59.000007Z","quantity":3}\n'
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_either_database_writes_this_text(reader: Reader, kind: str) -> None:
    table = TABLES["resolutions"]
    columns = [table.column[name] for name in ("description", "cost", "at", "quantity")]
    text = by(lines, FILES[kind], table, reader, columns).decode()
    assert text.startswith(EXPECTED[kind])
    texts = [line.partition(",")[0] for line in text.split("\n")] if kind == "csv" else []
    if texts:
        assert {"'=1+1", "'+49 30 1234", "'-5", "'@", "\\.", "🍕"} <= set(texts)
