"""Parquet: exact types, row group by row group, and what helps where pyarrow is missing."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import util
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from pyarrow.parquet import ParquetFile

from reports.errors import InvalidExport
from reports.exports import parquet as writing
from reports.exports.kinds import Kind
from reports.exports.parquet import parquet, refuse_without_pyarrow
from reports.exports.table import Column

COLUMNS = tuple(Column(kind.value, kind, f"About {kind}.") for kind in Kind)
MOMENT = datetime(2026, 11, 21, 23, 59, 58, 123456, tzinfo=UTC)
ROW: tuple[Any, ...] = (
    UUID(int=1),
    "=1+1",
    7,
    Decimal("12.5"),
    date(1, 2, 3),
    date(2026, 11, 1),
    MOMENT,
    True,
    2,
)
NOTHING = (*[None] * len(COLUMNS), 2)


def opened(rows: list[Any], **facts: str) -> Any:
    return ParquetFile(io.BytesIO(b"".join(parquet(COLUMNS, rows, facts))))


def test_each_kind_has_its_exact_type() -> None:
    schema = opened([ROW]).schema_arrow
    assert {kind: schema.field(kind.value).type for kind in Kind} == {
        Kind.CODE: pa.string(),
        Kind.TEXT: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.MONEY: pa.decimal128(18, 4),
        Kind.DATE: pa.date32(),
        Kind.MONTH: pa.date32(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
        Kind.YES_NO: pa.bool_(),
    }
    assert schema.field("money").metadata[b"about"] == b"About money."


def test_values_are_read_back_as_they_were() -> None:
    first, second = opened([ROW, NOTHING]).read().to_pylist()
    assert first == {
        "code": str(UUID(int=1)),
        "text": "=1+1",
        "integer": 7,
        "money": Decimal("12.5000"),
        "date": date(1, 2, 3),
        "month": date(2026, 11, 1),
        "timestamp": MOMENT,
        "boolean": True,
    }
    assert set(second.values()) == {None}


def test_the_largest_amount_fits() -> None:
    row = [Decimal("9999999999.9999") if c.kind == Kind.MONEY else None for c in COLUMNS]
    assert opened([(*row, 2)]).read()["money"].to_pylist() == [Decimal("9999999999.9999")]


def test_rows_come_in_groups_and_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ROWS_IN_A_GROUP", 10)
    amounts = [Decimal(number).scaleb(-2) for number in range(25)]
    rows = [[amount if c.kind == Kind.MONEY else None for c in COLUMNS] for amount in amounts]
    file = opened([(*row, 2) for row in rows])
    groups = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]
    assert groups == [10, 10, 5]
    assert sum(file.read()["money"].to_pylist()) == sum(amounts)


def test_a_group_goes_out_before_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ROWS_IN_A_GROUP", 2)
    rows = iter([ROW] * 5)
    pieces = parquet(COLUMNS, rows, {})
    assert len(next(pieces)) > 100
    assert len(list(rows)) == 3


def test_the_next_cursor_is_kept_in_the_file() -> None:
    file = opened([ROW], **{"leeway.next": "abc"})
    assert file.schema_arrow.metadata[b"leeway.next"] == b"abc"


def test_nothing_to_export_is_a_whole_file() -> None:
    assert opened([]).read().num_rows == 0


def test_without_pyarrow_it_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_without_pyarrow()
    there = util.find_spec
    monkeypatch.setattr(
        writing, "find_spec", lambda name: None if name == "pyarrow" else there(name)
    )
    with pytest.raises(InvalidExport, match="leeway\\[parquet\\]") as refused:
        refuse_without_pyarrow()
    assert list(refused.value.errors) == ["format"]
