"""A file of another kind, or one that means harm, is refused with a clear answer."""

import io
import struct
import zipfile
from typing import Any

import openpyxl
import pytest

from employees.resources.files import MOST_ROWS
from policies.models import Policy
from tests.admin.desk import Desk
from tests.policies.matrix.sheets import (
    HEADINGS,
    cells,
    look_at,
    rule_row,
    sheet,
    what_happens,
    workbook,
)

pytestmark = pytest.mark.once

BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "The submitted file is empty."),
    "only headings": (b"title,effect\n", "There are no rows below the headings"),
    "wrong headings": (sheet({"title": "A", "limit": "5"}), "The column “limit” is not known."),
    "no titles": (sheet({"effect": "forbid"}), "The column “title” is missing"),
    "headings twice": (b"title,effect,effect\nA,forbid,forbid\n", "is there twice"),
    "a long cell": (
        b"title,effect\nA,forbid\nB" + b"x" * 200_000 + b",forbid\n",
        "Line 3 has a cell with more than 131,072 characters.",
    ),
    "cells without a heading": (b"title,effect\nA,forbid,5\n", "Line 2 has more cells"),
    "no text": (b"\xff\xfe\x00t\x00\xe9", "This can&#x27;t be read as CSV."),
    "a quotation mark": (b'title,effect\n"A,forbid\n', "This can&#x27;t be read as CSV."),
    "no workbook": (b"PK\x03\x04 and nothing else", "This can&#x27;t be read as XLSX."),
    "another archive": (b"", "This can&#x27;t be read as XLSX."),
    "cut short": (
        workbook(HEADINGS, cells("A", "amount", 5))[:-200],
        "can&#x27;t be read as XLSX.",
    ),
    "too many rows": (
        sheet(*(rule_row(f"Rule {n}") for n in range(MOST_ROWS + 1))),
        "more than 1,000 rows; at most 1,000",
    ),
}


def _archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


BAD_FILES["another archive"] = (_archive(text=b"hello"), BAD_FILES["another archive"][1])


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_file_of_another_kind_is_refused_with_a_clear_answer(desk: Desk, bad: str) -> None:
    data, words = BAD_FILES[bad]
    answer = look_at(desk, data)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "confirm_form" not in answer.context
    assert not Policy.objects.exists()


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(desk: Desk) -> None:
    sheets = workbook(HEADINGS, cells("A", "amount", 5))
    parts = {}
    with zipfile.ZipFile(io.BytesIO(sheets)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", b" " * 40_000_000 + b"</sheetData>")
    bomb = _archive(**parts)
    assert len(bomb) < 200_000
    answer = look_at(desk, bomb)
    assert "This workbook unpacks to more than 10 MB." in answer.content.decode()


def test_one_that_lies_about_it_is_not_read_beyond_what_it_says(desk: Desk) -> None:
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(workbook(HEADINGS, cells("A", "amount", 5)))) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[name] = parts[name].replace(b"</sheetData>", b" " * 40_000_000 + b"</sheetData>")
    bomb = bytearray(_archive(**parts))
    size = struct.pack("<L", len(parts[name]))
    while size in bomb:
        bomb[bomb.index(size) : bomb.index(size) + 4] = struct.pack("<L", 1000)
    answer = look_at(desk, bytes(bomb))
    assert "can&#x27;t be read as XLSX" in answer.content.decode()


def test_entities_that_multiply_are_not_multiplied(desk: Desk) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(HEADINGS, cells("A", "amount", 5)))) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    laughs = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        answer = look_at(desk, _archive(**{**parts, name: laughs + parts[name]}))
        assert "can&#x27;t be read as XLSX" in answer.content.decode(), name


def test_a_sheet_that_claims_to_be_huge_is_not_walked_to_its_end(desk: Desk) -> None:
    def with_a_cell(place: str) -> Any:
        book = openpyxl.Workbook()
        for line in (HEADINGS, cells("A", "amount", 5)):
            book.worksheets[0].append(line)
        book.worksheets[0][place].number_format = "0.00"
        file = io.BytesIO()
        book.save(file)
        return look_at(desk, file.getvalue())

    assert what_happens(with_a_cell("XFD9000")) == [(2, "new")]
    assert "goes on below line 20,000" in with_a_cell("A1048576").content.decode()
