"""Cells are read as people mean them, and what can't be meant is told with its line and column."""

import io
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from policies.models import Policy
from tests.admin.desk import Desk, problems
from tests.cast import Cast
from tests.policies.matrix.sheets import (
    HEADINGS,
    WORDS,
    bring_in,
    cells,
    look_at,
    take_out,
    what_happens,
    workbook,
)

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("measure", "cell", "shown_as", "value"),
    [
        ("amount", 25, "General", "25.00"),
        ("amount", 499.99, "General", "499.99"),
        ("amount", 0.1 + 0.2, "General", "0.30"),
        ("amount", "$1,250.00", "General", "1250.00"),
        ("amount", 25, '"$"#,##0.00', "25.00"),
        ("percent", 0.8, "0%", "80"),
        ("percent", 0.125, "0.0%", "12.5"),
        ("percent", 0.8, '"about "0%', "80"),
        ("percent", 80, '0"%"', "80"),
        ("percent", 80, r"0\%", "80"),
        ("percent", 80, "0_%", "80"),
        ("percent", 80, "General", "80"),
        ("percent", "80 %", "General", "80"),
        ("percent", 0.8, "General", "0.8"),
        ("times", 1, "General", "1"),
    ],
)
def test_a_number_cell_is_what_the_sheet_shows(
    desk: Desk, measure: str, cell: Any, shown_as: str, value: str
) -> None:
    bring_in(desk, workbook(HEADINGS, cells("A", measure, cell), formats={"D2": shown_as}))
    assert Policy.objects.get().value == Decimal(value)


def test_a_percentage_is_no_amount(desk: Desk) -> None:
    answer = look_at(desk, workbook(HEADINGS, cells("A", "amount", 0.8), formats={"D2": "0%"}))
    [(line, column, words)] = problems(answer)
    assert (line, column) == (2, "value")
    assert "Write an amount of money" in words


def test_dates_and_yes_are_read_from_their_cells(desk: Desk) -> None:
    titles = ["title", "effect", *WORDS, "starts_at", "ends_at", "review_afterwards"]
    values = ["A", "forbid", *WORDS.values(), datetime(2031, 3, 1, 9, 30), date(2031, 4, 1), True]  # noqa: DTZ001
    bring_in(desk, workbook(titles, values))
    rule = Policy.objects.get()
    assert rule.starts_at is not None
    assert rule.ends_at is not None
    new_york = desk.employee.zone
    assert f"{rule.starts_at.astimezone(new_york):%Y-%m-%d %H:%M}" == "2031-03-01 09:30"
    assert f"{rule.ends_at.astimezone(new_york):%Y-%m-%d %H:%M}" == "2031-04-01 00:00"
    assert rule.review_afterwards


def test_headings_are_found_as_people_write_them(desk: Desk) -> None:
    titles = ["Title", " Effect ", "Rationale", "Customer wording", "Window days", None]
    data = workbook([], titles, [], ["A", "forbid", *WORDS.values(), None, "  "])
    assert what_happens(look_at(desk, data)) == [(4, "new")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_may_be_separated_as_the_country_does(desk: Desk, separator: str) -> None:
    lines = ["title", "effect", *WORDS], ["A", "forbid", *WORDS.values()]
    data = "\r\n".join(separator.join(line) for line in lines)
    assert what_happens(look_at(desk, data.encode("utf-8-sig"))) == [(2, "new")]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("=1+1", "This is a formula. Paste its result as a value."),
        ("#N/A", "The spreadsheet shows an error here: #N/A."),
        (time(9, 30), "This is a time without a day. Write it as text."),
    ],
)
def test_a_cell_that_says_nothing_by_itself_is_refused(desk: Desk, cell: Any, words: str) -> None:
    answer = look_at(desk, workbook(HEADINGS, cells("A", "amount", 5), cells("B", "amount", cell)))
    assert (3, "value", words) in problems(answer)


def test_a_formula_that_only_narrows_a_rule_is_not_taken_for_empty(desk: Desk) -> None:
    answer = look_at(desk, workbook(HEADINGS, cells("A", "amount", 5, remedies='="vou"&"cher"')))
    assert problems(answer) == [(2, "remedies", "This is a formula. Paste its result as a value.")]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "'tis", "=cmd|' /C calc'!A0"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_of_an_export_runs(desk: Desk, forno: Cast, kind: str, name: str) -> None:
    forno.rule(name, effect="forbid", rationale=name)
    data = take_out(desk, kind)
    if kind == "xlsx":
        for cell in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0][2]:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(("=", "+", "-", "@"))
    else:
        assert f",{name}," not in data.decode()
    assert what_happens(look_at(desk, data)) == [(2, "same")]
