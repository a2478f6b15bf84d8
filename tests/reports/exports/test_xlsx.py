"""Excel: typed cells, sums to the cent, and nothing that runs."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from reports.exports.kinds import Kind
from reports.exports.table import Column
from reports.exports.xlsx import LONGEST_TEXT, workbook
from tests.reports.exports.odd_texts import FRAMED, ODD_TEXTS

COLUMNS = tuple(Column(kind.value, kind, "") for kind in Kind)
TEXT = (Column("text", Kind.TEXT, ""),)
MOMENT = datetime(2026, 11, 21, 23, 59, 58, tzinfo=UTC)


def opened(columns: Sequence[Column], rows: Sequence[Sequence[Any]], **how: Any) -> Any:
    """The workbook of these rows, each without its currency's places, which are two."""
    content = b"".join(workbook("ledger", columns, [(*row, 2) for row in rows], **how))
    return load_workbook(io.BytesIO(content))


def cells(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """The cells of text, one a row, as they were read."""
    return [row[0] for row in opened(TEXT, rows)["ledger"].iter_rows(min_row=2)]


def a_row(**values: Any) -> list[Any]:
    return [values.get(kind.value) for kind in Kind]


def test_each_kind_has_its_type() -> None:
    row = a_row(
        code="spend",
        text="Brooklyn",
        integer=7,
        money=Decimal("12.5000"),
        date=date(2026, 11, 1),
        month=date(2026, 11, 1),
        timestamp=MOMENT,
        boolean=True,
    )
    sheet = opened(COLUMNS, [row, a_row(integer=8)])["ledger"]
    head, first, empty = sheet.iter_rows()
    assert [cell.value for cell in head] == [kind.value for kind in Kind]
    found = dict(zip(Kind, first, strict=True))
    assert {kind: cell.data_type for kind, cell in found.items()} == {
        **dict.fromkeys((Kind.CODE, Kind.TEXT), "s"),
        **dict.fromkeys((Kind.INTEGER, Kind.MONEY), "n"),
        **dict.fromkeys((Kind.DATE, Kind.MONTH, Kind.MOMENT), "d"),
        Kind.YES_NO: "b",
    }
    assert (found[Kind.MONEY].value, found[Kind.MONEY].number_format) == (12.5, "#,##0.00")
    assert found[Kind.MOMENT].value == MOMENT.replace(tzinfo=None)
    assert found[Kind.DATE].value == datetime(2026, 11, 1)  # noqa: DTZ001  (as Excel keeps it)
    assert found[Kind.MONTH].number_format == "yyyy-mm"
    assert found[Kind.YES_NO].value is True
    assert [cell.value for cell in empty if cell.value is not None] == [8]


@pytest.mark.parametrize(("places", "shown"), [(0, "#,##0"), (2, "#,##0.00"), (3, "#,##0.000")])
def test_money_shows_its_currencys_places(places: int, shown: str) -> None:
    column = [Column("money", Kind.MONEY, "")]
    content = b"".join(workbook("ledger", column, [(Decimal("7.0000"), places)]))
    assert load_workbook(io.BytesIO(content))["ledger"]["A2"].number_format == shown


def test_sums_are_right_to_the_cent() -> None:
    amounts = [Decimal(number).scaleb(-2) for number in range(-999, 5_000, 7)]
    sheet = opened([Column("m", Kind.MONEY, "")], [[amount] for amount in amounts])["ledger"]
    total = sum(row[0] for row in sheet.iter_rows(min_row=2, values_only=True))
    assert round(Decimal(total), 2) == sum(amounts)
    assert [Decimal(str(cell.value)) for (cell,) in sheet.iter_rows(min_row=2)] == amounts


def test_no_cell_is_a_formula_and_each_text_stays_what_it_is() -> None:
    texts = [text for text in (*ODD_TEXTS, *FRAMED[::7]) if text]
    for text, cell in zip(texts, cells([[text] for text in texts]), strict=True):
        assert cell.data_type == "s"
        assert unescape(cell.value).replace("\r\n", "\n").replace("\r", "\n") == text.replace(
            "\r\n", "\n"
        ).replace("\r", "\n")


def test_what_might_run_is_marked_as_text_even_when_it_is_edited() -> None:
    marked = {cell.value: cell.quotePrefix for cell in cells([["=1+1"], [" +1"], ["plain"]])}
    assert marked == {"=1+1": True, " +1": True, "plain": False}


def test_there_is_no_formula_in_the_file_itself() -> None:
    content = b"".join(workbook("gaps", TEXT, [(text, 2) for text in ODD_TEXTS]))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<f " not in sheet


def test_what_is_too_long_goes_on_in_a_new_sheet_with_a_head_of_its_own() -> None:
    book = opened([Column("id", Kind.INTEGER, "")], [[n] for n in range(7)], rows_in_a_sheet=4)
    read = {sheet.title: [c for (c,) in sheet.iter_rows(values_only=True)] for sheet in book}
    assert read == {
        "ledger": ["id", 0, 1, 2],
        "ledger 2": ["id", 3, 4, 5],
        "ledger 3": ["id", 6],
    }
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:A4", "A1:A4", "A1:A2"]


def test_a_sheet_that_is_just_full_has_no_empty_one_behind_it() -> None:
    book = opened([Column("id", Kind.INTEGER, "")], [[0], [1], [2]], rows_in_a_sheet=4)
    assert book.sheetnames == ["ledger"]


def test_nothing_to_export_is_a_sheet_with_its_head() -> None:
    sheet = opened(COLUMNS, [])["ledger"]
    assert [cell.value for row in sheet.iter_rows() for cell in row] == [k.value for k in Kind]


@pytest.mark.parametrize("letter", ["x", "é", "🍕"])
def test_a_text_that_is_too_long_for_excel_is_cut_and_says_so(letter: str) -> None:
    (long,) = cells([[letter * (LONGEST_TEXT + 1)]])
    assert excel_length(long.value) <= LONGEST_TEXT
    assert long.value.endswith("…")
    (fits,) = cells([["x" * LONGEST_TEXT]])
    assert fits.value == "x" * LONGEST_TEXT


def excel_length(text: str) -> int:
    """As Excel counts: in 16-bit units."""
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31)])
def test_a_day_before_excels_time_is_text(day: date) -> None:
    sheet = opened([Column("day", Kind.DATE, "")], [[day]])["ledger"]
    assert sheet["A2"].value == day.isoformat()


def test_rows_are_taken_one_by_one() -> None:
    """A million rows need no more memory than one, and meanwhile it shows that it is at work."""
    seen: list[int] = []

    def rows() -> Iterator[tuple[int, int]]:
        for number in range(5):
            seen.append(number)
            yield number, 2

    pieces = workbook("ledger", [Column("id", Kind.INTEGER, "")], rows())
    assert seen == []
    assert next(pieces) == b""
    assert seen == [0]
    assert next(pieces).startswith(b"PK")
    assert seen == list(range(5))
