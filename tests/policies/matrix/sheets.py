"""Matrices as a manager sends them: rows as dicts, CSV, XLSX, and the admin that takes them."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from policies.models import Policy
from tests.admin.desk import Desk, address, problems

WORDS = {"rationale": "Fair to everyone.", "customer_wording": "Here is what I can do."}


HEADINGS = ["title", "effect", "measure", "value", "per", "remedies", *WORDS]


def sheet(*rows: Mapping[str, str], columns: Sequence[str] = ()) -> bytes:
    """A CSV file with these rows, and the columns that they name."""
    file = io.StringIO(newline="")
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def workbook(*rows: Sequence[Any], formats: Mapping[str, str] | None = None) -> bytes:
    """An XLSX file with these rows of cells; `formats` says how some are shown, by address."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    for place, shown_as in (formats or {}).items():
        book.worksheets[0][place].number_format = shown_as
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(title: str, measure: str, value: Any, remedies: str = "money-off") -> list[Any]:
    """The cells of a restriction, below `HEADINGS`."""
    return [title, "restrict", measure, value, "case", remedies, *WORDS.values()]


def rule_row(title: str = "A rule", **differs: str) -> dict[str, str]:
    """A row of a restriction to 25.00 a case, but for the cells that are given."""
    said = {"effect": "restrict", "measure": "amount", "value": "25.00", **WORDS}
    return {"title": title, **said, **differs}


def look_at(desk: Desk, data: bytes, *, published: bool = True, reason: str = "") -> Any:
    """Send a matrix to be looked at."""
    standing = "published" if published else "drafts"
    return desk.look_at(Policy, data, standing=standing, change_reason=reason)


def bring_in(desk: Desk, data: bytes, *, published: bool = True, reason: str = "") -> Any:
    """Look at it, and confirm it."""
    looked_at = look_at(desk, data, published=published, reason=reason)
    assert "confirm_form" in looked_at.context, problems(looked_at)
    return desk.confirm(Policy, looked_at)


def take_out(desk: Desk, kind: str) -> bytes:
    """Export the rules."""
    answer = desk.client.get(address(Policy, "export"), {"as": kind})
    assert answer.status_code == 200
    return bytes(answer.content)


def what_happens(answer: Any) -> list[tuple[int, str]]:
    """Each line of a preview, and what becomes of it."""
    assert "confirm_form" in answer.context, problems(answer)
    return [(r.planned.line, str(r.planned.what)) for r in answer.context["result"].rows]


def changes(answer: Any) -> list[tuple[str, str, str]]:
    """What a preview says would change: label, before, after."""
    return [
        (change.label, change.before, change.after)
        for row in answer.context["result"].rows
        for change in row.planned.changes
    ]


def notes(answer: Any) -> list[str]:
    """What a preview notes beside its rows."""
    return [note for row in answer.context["result"].rows for note in row.planned.notes]
