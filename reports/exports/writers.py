"""What writes each format, and what ends a text file: the cursor, or an apology.

A web server may end an answer that broke off as if it were whole. So a text file that was asked
for with a cursor has a last line that says how many rows there are, and one that breaks off says
so in its last line. Excel and Parquet files can't be opened without their end.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from reports.exports.parquet import parquet
from reports.exports.rows import Source
from reports.exports.text_files import CSV, JSONL, lines
from reports.exports.xlsx import workbook
from reports.models import ExportFormat, ExportRun

_BROKEN_OFF = "This file is not whole: something went wrong on our side. Ask for it again."


# Writes a source, counts its rows in the log, and ends with the cursor to go on from, if there is.
Writer: TypeAlias = Callable[[Source, ExportRun, str], Iterator[bytes]]


def _counted(parts: Iterable[Any], run: ExportRun) -> Iterator[Any]:
    for part in parts:
        run.rows += 1
        yield part


def _csv(source: Source, run: ExportRun, following: str) -> Iterator[bytes]:
    yield CSV.head(source.columns).encode()
    yield from _counted(lines(CSV, source), run)
    if following:
        yield f"#end,{run.rows},{following}\n".encode()


def _jsonl(source: Source, run: ExportRun, following: str) -> Iterator[bytes]:
    yield from _counted(lines(JSONL, source), run)
    if following:
        yield _json_line({"end": {"rows": run.rows, "next": following}})


def _xlsx(source: Source, run: ExportRun, _following: str) -> Iterator[bytes]:
    return workbook(source.table.name, source.columns, _counted(source.values(), run))


def _parquet(source: Source, run: ExportRun, following: str) -> Iterator[bytes]:
    facts = {"leeway.next": following} if following else {}
    return parquet(source.columns, _counted(source.values(), run), facts)


def _json_line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# With each, what it says when it breaks off.
WRITERS: dict[str, tuple[Writer, bytes]] = {
    ExportFormat.CSV: (_csv, f"#broken-off,{_BROKEN_OFF}\n".encode()),
    ExportFormat.JSONL: (_jsonl, _json_line({"broken_off": _BROKEN_OFF})),
    ExportFormat.XLSX: (_xlsx, b""),
    ExportFormat.PARQUET: (_parquet, b""),
}
