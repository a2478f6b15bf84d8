"""A matrix as XLSX: read as what people see in the cells, and within bounds.

The file is a packed archive that someone sent: how much it unpacks to is looked at before, and no
formula is ever run. A formula's last result may be of another day, so that it is asked for as a
value instead of being trusted.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from employees.cells import escaped
from policies.matrix.columns import COLUMNS, Column, Kind
from policies.matrix.table import Cell, Table, table_of

LARGEST_UNPACKED = 10 * 1024 * 1024  # bytes: MOST_ROWS long rows are two
_MOST_PARTS = 200  # of the archive: sheets, styles, pictures
_MOST_COLUMNS = 64
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # shown as it is, in a number's format
_LAST_LINE = 20_000  # empty ones counted: a sheet may claim a million of them in a few bytes
_NOT_READABLE = "This can't be read as XLSX. In your spreadsheet, save it as “Excel workbook”."
_TOO_LARGE = (
    "This workbook unpacks to more than 10 MB. Keep only the sheet with the rules, without "
    "pictures, and bring it in in parts."
)


def read_xlsx(data: bytes) -> Table:
    """The table on the first sheet of a workbook. Raises ValidationError."""
    _refuse_bombs(data)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        return table_of(_rows(sheet))
    except ValidationError:
        raise
    except Exception as error:  # a broken file breaks in any of a hundred ways
        raise ValidationError(_NOT_READABLE) from error


def write_xlsx(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A workbook with the rows on its only sheet."""
    workbook = openpyxl.Workbook()
    write_rules(workbook.worksheets[0], rows)
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def write_rules(sheet: Worksheet, rows: Sequence[Mapping[str, str]]) -> None:
    """Headings and rows: numbers and dates as such, all else as text that nothing runs."""
    sheet.title = "Rules"
    write_headings(sheet, [(column.name, column.width) for column in COLUMNS])
    for place, row in enumerate(rows, start=2):
        for number, column in enumerate(COLUMNS, start=1):
            if row[column.name]:
                _write_cell(sheet.cell(place, number), column, row[column.name])
    sheet.freeze_panes = "C2"


def write_headings(sheet: Worksheet, headings: Sequence[tuple[str, int]]) -> None:
    """The first row, marked, and how wide each column is."""
    for number, (name, width) in enumerate(headings, start=1):
        cell = sheet.cell(1, number, name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EEEA")
        sheet.column_dimensions[get_column_letter(number)].width = width


def write_text(cell: Any, text: str) -> None:
    """Text in a cell, as text."""
    cell.value = escaped(text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _write_cell(cell: Any, column: Column, text: str) -> None:
    match column.kind:
        case Kind.NUMBER:
            places = len(text.partition(".")[2])
            cell.value, cell.number_format = Decimal(text), f"0.{'0' * places}".rstrip(".")
        case Kind.MOMENT:
            has_time = " " in text
            cell.value = datetime.fromisoformat(text)
            cell.number_format = "yyyy-mm-dd hh:mm" if has_time else "yyyy-mm-dd"
        case _:
            write_text(cell, text)
    cell.alignment = Alignment(vertical="top", wrap_text=column.kind == Kind.TEXT)


def _refuse_bombs(data: bytes) -> None:
    """Raise ValidationError for what is no archive, and for one that unpacks to too much."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ValidationError(_NOT_READABLE) from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise ValidationError(_TOO_LARGE)


def _rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        if number > _LAST_LINE:
            raise ValidationError(
                f"This sheet goes on below line {_LAST_LINE:,}. Delete the empty rows at its end."
            )
        cells = [_read_cell(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells


def _read_cell(cell: Any) -> Cell:
    """What a person sees in the cell, as text; or why it can't be read."""
    value = cell.value
    match cell.data_type:
        case "f":
            return ValidationError("This is a formula. Paste its result as a value.")
        case "e":
            return ValidationError(f"The spreadsheet shows an error here: {value}.")
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(value, str(cell.number_format or ""))
        case datetime():
            to_the_minute = value + timedelta(seconds=30)  # fractions of a day are not exact
            return f"{to_the_minute:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
        case date():
            return value.isoformat()
        case str():
            return value if value.strip() else ""
    return ValidationError("This is a time without a day. Write it as text.")


def _number(value: float, shown_as: str) -> str:
    """The number with the 15 figures that spreadsheets reckon with; 0.8 shown as 80% is 80%."""
    exact = Decimal(f"{value:.15g}")
    if "%" in _LITERAL.sub("", shown_as):
        return f"{_plain(exact * 100)}%"
    return _plain(exact)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
