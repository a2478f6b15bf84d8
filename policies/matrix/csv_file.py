"""A matrix as CSV: in UTF-8, with a mark at its beginning by which spreadsheets know it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from django.core.exceptions import ValidationError

from employees.cells import escaped
from policies.matrix.columns import COLUMNS
from policies.matrix.table import Table, table_of

_NOT_READABLE = "This can't be read as CSV. In your spreadsheet, save it as “CSV UTF-8” or as XLSX."


def read_csv(data: bytes) -> Table:
    """The table in a file; cells may be separated by commas, semicolons or tabs.

    Raises ValidationError.
    """
    try:
        text = data.decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        return table_of(_numbered(rows))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValidationError(_NOT_READABLE) from error


def write_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows below the headings, with nothing that a spreadsheet would run."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows([escaped(row[column.name]) for column in COLUMNS] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _separator(text: str) -> str:
    """What stands between the headings, none of which has any of these in it."""
    headings = text.lstrip().partition("\n")[0]
    return max(",;\t", key=headings.count)


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The rows with the numbers that a spreadsheet gives them, blank cells as empty ones."""
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            yield number, [cell if cell.strip() else "" for cell in row]
    except csv.Error as error:
        if "field limit" not in str(error):
            raise
        raise ValidationError(
            f"Line {number + 1} has a cell with more than {csv.field_size_limit():,} characters. "
            "Shorten it, or close a quotation mark that was left open there."
        ) from error
