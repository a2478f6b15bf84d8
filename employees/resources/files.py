"""What a CSV file is refused for before any of its rows is compared with what is there."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError

# SQLite has one writer: until all rows are in, no agent can put a case right.
MOST_ROWS = 1000

_NO_TEXT = "This cell has a character in it that is no text (NUL). Type the cell again."


def refuse_file(dataset: Any, key: str, known: Collection[str]) -> None:
    """Raise ValidationError for too many rows, and for columns that are not as they should be.

    `key` is the column that says which row is meant, `known` are all that a file may have. Blanks
    around the headings are taken away.
    """
    if len(dataset) > MOST_ROWS:
        raise ValidationError(
            f"This file has {len(dataset):,} rows; at most {MOST_ROWS:,} are taken at once. "
            "Split it, and bring in one part after the other."
        )
    headers = [str(header or "").strip() for header in dataset.headers or ()]
    dataset.headers = headers
    if key not in headers:
        raise ValidationError(f"The column “{key}” is missing: it says which row is meant.")
    for header in headers:
        if header not in known:
            listed = ", ".join(sorted(known))
            raise ValidationError(f"The column “{header[:40]}” is not known. Known: {listed}.")
        if headers.count(header) > 1:
            raise ValidationError(
                f"The column “{header}” is there twice. Leave one of them: only one can count."
            )


def is_text(cell: Any) -> bool:
    """Whether a database keeps it: PostgreSQL takes no NUL, not even in a question."""
    return "\x00" not in str(cell)


def refuse_cells(row: Mapping[str, Any]) -> None:
    """Raise ValidationError for cells that are no text.

    Without that character, a cell would say something that nobody wrote.
    """
    wrong = {name: _NO_TEXT for name, cell in row.items() if not is_text(cell)}
    if wrong:
        raise ValidationError(wrong)
