"""A spreadsheet as it was read: headings, and lines of text with their numbers in the file.

Nothing in it was taken for anything yet. What a cell can't be read for (a formula, an error) is
kept beside it, to be told with its line and column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from employees.cells import unescaped
from employees.resources.files import MOST_ROWS, refuse_cells
from policies.matrix.rows import plain

Trouble = ValidationError
Cell = str | Trouble

TOO_MANY = (
    f"This file has more than {MOST_ROWS:,} rows; at most {MOST_ROWS:,} are taken at once. "
    "Split it, and bring in one part after the other."
)


@dataclass(slots=True)
class Line:
    """A row of the file by its number there, as a spreadsheet counts: the headings are 1."""

    number: int
    cells: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """The lines below the headings."""

    headers: list[str]
    lines: list[Line]

    def __len__(self) -> int:
        return len(self.lines)


def table_of(rows: Iterator[tuple[int, Sequence[Cell]]]) -> Table:
    """A table of numbered rows, the first of which has the headings; empty rows are left out.

    Raises ValidationError for no rows, for more than are taken at once, and for cells without a
    heading.
    """
    headings = next((cells for _, cells in rows if any(cells)), ())
    headers = [_heading(cell) for cell in headings]
    while headers and not headers[-1]:
        headers.pop()
    table = Table(headers, [])
    for number, cells in rows:
        if any(cells[len(headers) :]):
            raise ValidationError(f"Line {number} has more cells than there are headings.")
        if not any(cells):
            continue
        if len(table) == MOST_ROWS:
            raise ValidationError(TOO_MANY)
        table.lines.append(_line(number, headers, cells))
    if not table.lines:
        raise ValidationError("There are no rows below the headings: write one for each rule.")
    return table


def _heading(cell: Cell) -> str:
    """A heading by its name, also where it is written as people write: Window days."""
    if isinstance(cell, ValidationError):
        raise cell
    return "_".join(plain(cell).lower().split())


def _line(number: int, headers: Sequence[str], cells: Sequence[Cell]) -> Line:
    line = Line(number, {})
    for header, cell in zip(headers, (*cells, *[""] * len(headers)), strict=False):
        if isinstance(cell, ValidationError):
            line.errors.setdefault(header, []).extend(cell.messages)
            line.cells[header] = ""
        else:
            line.cells[header] = cell
    try:
        refuse_cells(line.cells)
    except ValidationError as error:
        line.errors |= error.message_dict
    line.cells = {header: plain(unescaped(cell)) for header, cell in line.cells.items()}
    return line
