"""A company's file of past complaints: a CSV file, read as a whole before anything is done with it.

Byte-order marks, semicolons and texts over several lines are all right. What can't be read is said
with its line, and what would help.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from resolutions.errors import ResolutionsError

if TYPE_CHECKING:
    from _csv import Reader

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t"


class UnreadableFile(ResolutionsError):
    """The file as a whole can't be read as it was said; the message is for a person."""

    code = "unreadable-file"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, and its cells by our names; a row that is broken says why."""

    line: int
    cells: Mapping[str, str]
    broken: str = ""


def read_rows(path: Path, *, columns: Mapping[str, str], encoding: str = "") -> list[Row]:
    """The rows of a CSV file, with the columns named in `columns` (our name to theirs).

    Raises UnreadableFile when there is no such file or column, or bytes that are no text.
    """
    text = _text(path, encoding)
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        places = {ours: _place(header, theirs) for ours, theirs in columns.items()}
        return list(_rows(reader, places, width=len(header)))
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num} is not CSV: {error}.") from error


def _text(path: Path, encoding: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} can't be read: {error.strerror or error}.") from error
    marked = (name for mark, name in _BYTE_ORDER_MARKS.items() if raw.startswith(mark))
    encoding = encoding or next(marked, "utf-8")
    try:
        return raw.decode(encoding)
    except LookupError:
        raise UnreadableFile(f"There is no encoding called “{encoding}”.") from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"Line {line} has a byte (0x{raw[error.start]:02X}) that is not text in {encoding}. "
            "If the file comes from Excel, save it as “CSV UTF-8”, or try --encoding cp1252."
        ) from None


def _place(header: list[str], theirs: str) -> int:
    """Which column it is. Raises UnreadableFile with the name that was probably meant."""
    if header.count(theirs) == 1:
        return header.index(theirs)
    if theirs in header:
        raise UnreadableFile(f"There are several columns called “{theirs}”; rename one.")
    by_folded = {name.casefold(): name for name in header}
    close = get_close_matches(theirs.casefold(), by_folded, n=1, cutoff=0.5)
    hint = f" Did you mean “{by_folded[close[0]]}”?" if close else ""
    listed = ", ".join(f"“{name}”" for name in header) or "none at all"
    raise UnreadableFile(f"There is no column “{theirs}”.{hint} The columns are {listed}.")


def _rows(reader: "Reader", places: Mapping[str, int], *, width: int) -> Iterator[Row]:
    line = reader.line_num + 1
    for cells in reader:
        if len(cells) == width:
            yield Row(line, {ours: cells[place].strip() for ours, place in places.items()})
        elif any(cells):
            many = "more" if len(cells) > width else "fewer"
            yield Row(line, {}, f"It has {len(cells)} cells, {many} than the {width} columns.")
        line = reader.line_num + 1
