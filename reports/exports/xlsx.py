"""Excel: typed cells and no formulas, in constant memory. What is too long goes on in a new sheet.

A workbook's parts are known only when its last row is: it is written to a file on the disk first.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from functools import cache
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import xlsxwriter

from employees.cells import escaped
from reports.exports.kinds import Kind
from reports.exports.pieces import PIECE
from reports.exports.table import Column

ROWS_IN_A_SHEET = 1_048_576
ROWS_TO_A_BREATH = 2000
LONGEST_TEXT = 32_767  # of what Excel keeps in a cell
EXCELS_FIRST_DAY = date(1900, 1, 1)  # earlier ones are shown as an error: they go out as text
_WIDTHS = {Kind.MOMENT: 19, Kind.TEXT: 18, Kind.DATE: 11, Kind.CODE: 12}
_SHOWN = {Kind.MOMENT: "yyyy-mm-dd hh:mm:ss", Kind.DATE: "yyyy-mm-dd", Kind.MONTH: "yyyy-mm"}


def workbook(
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    rows_in_a_sheet: int = ROWS_IN_A_SHEET,
) -> Iterator[bytes]:
    """The file's bytes, with sheets of this name. Each row ends with its currency's places."""
    with TemporaryDirectory() as folder, TemporaryFile() as file:
        # Not as a context: leaving that early would make a workbook that nobody waits for.
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        sheets = _Sheets(book, name, columns, rows_in_a_sheet)
        for number, (*row, places) in enumerate(rows):
            sheets.add(row, places)
            if number % ROWS_TO_A_BREATH == 0:
                yield b""  # the web server notices when nobody waits any more
        sheets.finish()
        book.close()
        yield from _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


class _Sheets:
    """The sheets of a workbook, filled one after the other."""

    def __init__(
        self, book: Any, name: str, columns: Sequence[Column], rows_in_a_sheet: int
    ) -> None:
        self._book, self._name, self._columns = book, name, columns
        self._rows_in_a_sheet = rows_in_a_sheet
        # As if someone had typed an apostrophe first: it stays text, also when it is edited.
        self._typed_as_text = book.add_format({"quote_prefix": True})
        self._head = book.add_format({"bold": True})
        self._line = 0
        self.shown_as = cache(lambda shown: book.add_format({"num_format": shown}))
        self._begin()

    def add(self, row: Sequence[Any], places: int) -> None:
        """Write one row more."""
        self._line += 1
        if self._line == self._rows_in_a_sheet:
            self._line -= 1
            self.finish()
            self._begin()
            self._line = 1
        for number, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            if value is not None:
                self._write(number, column.kind, value, places)

    def finish(self) -> None:
        """Let whoever opens the sheet choose rows by what is in them."""
        self._sheet.autofilter(0, 0, self._line, len(self._columns) - 1)

    def _begin(self) -> None:
        before = len(self._book.worksheets())
        self._sheet = self._book.add_worksheet(
            f"{self._name} {before + 1}" if before else self._name
        )
        self._line = 0
        self._sheet.freeze_panes(1, 0)
        for number, column in enumerate(self._columns):
            self._sheet.set_column(number, number, _WIDTHS.get(column.kind, 10))
            self._sheet.write_string(0, number, column.name, self._head)

    def _write(self, number: int, kind: Kind, value: Any, places: int) -> None:
        line, sheet = self._line, self._sheet
        match kind:
            case Kind.INTEGER:
                sheet.write_number(line, number, value)
            case Kind.MONEY:
                shown = "#,##0." + "0" * places if places else "#,##0"
                sheet.write_number(line, number, float(value), self.shown_as(shown))
            case Kind.MOMENT:
                value = value.astimezone(UTC).replace(tzinfo=None)
                sheet.write_datetime(line, number, value, self.shown_as(_SHOWN[kind]))
            case Kind.DATE | Kind.MONTH if value < EXCELS_FIRST_DAY:
                sheet.write_string(line, number, value.isoformat())
            case Kind.DATE | Kind.MONTH:
                sheet.write_datetime(line, number, value, self.shown_as(_SHOWN[kind]))
            case Kind.YES_NO:
                sheet.write_boolean(line, number, value)
            case _:
                self._write_text(number, str(value))

    def _write_text(self, number: int, text: str) -> None:
        text = _cut(text)
        style = self._typed_as_text if escaped(text) != text else None
        self._sheet.write_string(self._line, number, text, style)


def _cut(text: str) -> str:
    """As much of it as Excel takes. It counts in UTF-16, where an emoji is two."""
    if 2 * len(text) <= LONGEST_TEXT:
        return text
    counted = text.encode("utf-16-le")
    if len(counted) <= 2 * LONGEST_TEXT:
        return text
    return f"{counted[: 2 * (LONGEST_TEXT - 1)].decode('utf-16-le', errors='ignore')}…"
