"""Pulls an export: checks what is asked, writes it into the log, and sends the rows as a stream.

What must stay true: what is wrong is told before the first byte; every export is in the log, with
how many rows went out; and one that breaks off can't be taken for a whole one.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from reports.errors import InvalidExport, NotOpened
from reports.exports.news import cursor_at, moment_of, read_cursor, what_it_is_for
from reports.exports.parquet import refuse_without_pyarrow
from reports.exports.pieces import in_pieces, packed
from reports.exports.rows import Source, rows_for
from reports.exports.slots import one_of_few
from reports.exports.snapshot import one_moment
from reports.exports.stream import Stream
from reports.exports.table import Column, Table
from reports.exports.writers import WRITERS
from reports.models import ExportFormat, ExportRun
from reports.reader import Reader


@dataclass(frozen=True, slots=True)
class Wanted:
    """What someone asks for.

    `rows` are the reader's, narrowed by the filters that `asked` holds as they were written.
    `after` is a cursor or “beginning”, for what is new and a cursor to go on from; None for all
    that is there. `gzip` is whether a text file goes out packed.
    """

    table: Table
    format: ExportFormat
    columns: tuple[Column, ...]
    rows: QuerySet[Any]
    asked: Mapping[str, str]
    after: str | None = None
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class Pulled:
    """An export under way. `following` is the cursor to go on from, once all of it has arrived."""

    stream: Stream
    following: str


def open_rows(table: Table, reader: Reader) -> QuerySet[Any]:
    """All that a reader may pull of a table. Raises NotOpened."""
    if table.name not in reader.exports:
        raise NotOpened(table.name)
    return rows_for(reader, table)


def chosen_columns(table: Table, names: str | None, reader: Reader) -> tuple[Column, ...]:
    """The columns of these names, with commas between them; the usual ones for none.

    Raises InvalidExport for a name that there is not or that is there twice, and for what people
    wrote in their own words where that is not for this reader.
    """
    if names is None:
        return table.usual_columns
    listed = [name.strip() for name in names.split(",")]
    wrong = [name for name in listed if name not in table.column]
    if wrong:
        known = ", ".join(table.column)
        raise InvalidExport(
            {"columns": [f"There is no column “{wrong[0]}” here. There is: {known}."]}
        )
    if len(set(listed)) < len(listed):
        raise InvalidExport({"columns": ["Name each column once."]})
    columns = tuple(table.column[name] for name in listed)
    withheld = [column.name for column in columns if column.own_words and not reader.own_words]
    if withheld:
        message = (
            f"“{withheld[0]}” holds what people wrote in their own words, in which a customer may "
            "be named. It is for managers, and for tokens that an administrator made so."
        )
        raise InvalidExport({"columns": [message]})
    return columns


def pull(wanted: Wanted, *, reader: Reader, at: datetime) -> Pulled:
    """Open an export, and write it into the log.

    Raises InvalidExport, also for a cursor that is no good here (CursorRefused), TooManyExports
    and DatabaseRestored.
    """
    if wanted.format == ExportFormat.PARQUET:
        refuse_without_pyarrow()
    with ExitStack() as opened:
        opened.enter_context(one_of_few())
        own = opened.enter_context(one_moment())
        rows, following = _what_is_new(wanted, reader, own)
        run = _write_into_the_log(wanted, reader, at)
        source = Source(wanted.table, wanted.columns, rows, reader.divisions, own)
        write, apology = WRITERS[wanted.format]
        pieces: Iterator[bytes] = in_pieces(write(source, run, following))
        if wanted.gzip:
            pieces, apology = packed(pieces), b""
        return Pulled(Stream(pieces, run=run, opened=opened.pop_all(), apology=apology), following)


def _what_is_new(
    wanted: Wanted, reader: Reader, own: BaseDatabaseWrapper
) -> tuple[QuerySet[Any], str]:
    """The rows since the cursor, and the next cursor; all rows and none where no cursor is told."""
    if wanted.after is None:
        return wanted.rows, ""
    moment = moment_of(own, wanted.table)
    good_for = what_it_is_for(moment, wanted.table, wanted.asked, reader.divisions)
    since = read_cursor(wanted.after, own, moment, good_for)
    rows = wanted.rows.filter(wanted.table.marks.between(since, moment.mark, own))
    return rows, cursor_at(moment, good_for)


def _write_into_the_log(wanted: Wanted, reader: Reader, at: datetime) -> ExportRun:
    asked = dict(wanted.asked)
    if wanted.columns != wanted.table.usual_columns:
        asked["columns"] = ",".join(column.name for column in wanted.columns)
    if wanted.after is not None:
        asked["after"] = wanted.after
    return ExportRun.objects.create(
        export=wanted.table.name,
        format=wanted.format,
        asked=asked,
        employee=reader.employee,
        token=reader.token,
        started_at=at,
    )
