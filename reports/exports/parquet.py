"""Parquet: columns with exact types, row group by row group, as a stream.

It takes pyarrow, which is large: `pip install "leeway[parquet]"`.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from io import RawIOBase
from itertools import islice
from typing import Any

from reports.errors import InvalidExport
from reports.exports.kinds import Kind
from reports.exports.table import Column

ROWS_IN_A_GROUP = 20_000


class _Sent(RawIOBase):
    """A file that keeps what was written only until it is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep a copy."""
        part = bytes(data)
        self._held.append(part)
        return len(part)

    def take(self) -> bytes:
        """Return what has come since the last time."""
        held, self._held = self._held, []
        return b"".join(held)


def refuse_without_pyarrow() -> None:
    """Raise InvalidExport where Parquet can't be written, saying what helps."""
    if find_spec("pyarrow") is None:
        message = (
            "Parquet files need pyarrow on the server: pip install “leeway[parquet]”. Until then "
            "there are csv, jsonl and xlsx."
        )
        raise InvalidExport({"format": [message]})


def parquet(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], facts: dict[str, str]
) -> Iterator[bytes]:
    """The file's bytes. `facts` are kept in it, as text. Each row ends with its places."""
    from pyarrow import RecordBatch, array
    from pyarrow.parquet import ParquetWriter

    schema = _schema(columns, facts)
    sink, remaining = _Sent(), iter(rows)
    with ParquetWriter(sink, schema, compression="zstd") as writer:
        while group := list(islice(remaining, ROWS_IN_A_GROUP)):
            held = zip(*group, strict=True)
            arrays = [
                array(_plain(column.kind, values), type=schema.field(number).type)
                for number, (column, values) in enumerate(zip(columns, held, strict=False))
            ]
            writer.write_batch(RecordBatch.from_arrays(arrays, schema=schema))
            yield sink.take()
    yield sink.take()


def _schema(columns: Sequence[Column], facts: dict[str, str]) -> Any:
    import pyarrow as pa

    types = {
        Kind.CODE: pa.string(),
        Kind.TEXT: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.MONEY: pa.decimal128(18, 4),
        Kind.DATE: pa.date32(),
        Kind.MONTH: pa.date32(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
        Kind.YES_NO: pa.bool_(),
    }
    fields = [
        pa.field(column.name, types[column.kind], metadata={"about": column.about})
        for column in columns
    ]
    return pa.schema(fields, metadata=facts)


def _plain(kind: Kind, values: Sequence[Any]) -> Sequence[Any]:
    """What pyarrow takes: request ids as text."""
    if kind is not Kind.CODE:
        return values
    return [None if value is None else str(value) for value in values]
