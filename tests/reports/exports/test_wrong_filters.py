"""A filter that can't be meant is a clear 400 that names it, and never a wrong file."""

from typing import Any

import pytest

from employees.models import Employee
from reports.api.filters import filters_of
from reports.exports.tables import TABLES
from reports.models import ExportRun
from tests.api.client import assert_problem
from tests.cast import Cast
from tests.reports.exports.pulling import Pulls

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = "Write a day or a moment, such as 2026-11-01"
A_CHANNEL = "There is no such word here. There is: doorstep, phone, "
A_MONTH = "Write a year and a month, such as 2026-11."
AN_AMOUNT = "Write an amount in digits, such as 5.00."
ONCE, EMPTY = "Write it once", "Write what to look for, or leave it out."
NO_SUCH = "There is no such filter here. There is: "
NUL = "Null characters are not allowed."
WRONG: list[tuple[str, Any, str]] = [
    ("months", "2026-10", NO_SUCH),
    ("Month", "2026-10", NO_SUCH),
    ("division__code", "forno", NO_SUCH),
    ("page", "2", NO_SUCH),
    ("closed_in", "2026-10", NO_SUCH),  # of the ledger alone
    ("month", "", EMPTY),
    ("team", "  ", EMPTY),
    ("after", "", EMPTY),
    ("columns", "", EMPTY),
    ("team", ["Queens", "Brooklyn"], ONCE),
    ("month", ["2026-10", "2026-10"], ONCE),
    ("after", ["beginning", "beginning"], ONCE),
    ("columns", ["id", "at"], ONCE),
    ("month", "2026-13", A_MONTH),
    ("month", "2026-1", A_MONTH),
    ("month", "November", A_MONTH),
    ("month_from", "2026-11-01", A_MONTH),
    ("month_to", "٢٠٢٦-١٠", A_MONTH),
    ("month", "2026-10\x00", ""),
    ("month", "0000-01", A_MONTH),
    ("month", "0001-01", A_MONTH),
    ("month_from", "0999-12", A_MONTH),
    ("at_from", "yesterday", A_MOMENT),
    ("at_to", "2026-02-30", A_MOMENT),
    ("at_from", "0001-01-01T00:00:00+14:00", "Write a day within the calendar's years."),
    ("at_to", "9999-12-31T23:59:59-12:00", "Write a day within the calendar's years."),
    ("amount_min", "5,00", AN_AMOUNT),
    ("amount_min", "NaN", AN_AMOUNT),
    ("amount_max", "Infinity", AN_AMOUNT),
    ("amount_max", "1e3", AN_AMOUNT),
    ("amount_min", "٥", AN_AMOUNT),
    ("amount_min", "5.00001", AN_AMOUNT),
    ("amount_max", "12345678901", AN_AMOUNT),
    ("amount_max", "9" * 5000, AN_AMOUNT),
    ("amount_min", "+5", AN_AMOUNT),
    ("amount_min", "5\n6", AN_AMOUNT),
    ("division", "elsewhere", "There is no division with this code among those you see."),
    ("currency", "XXX", "There is no division with this currency among those you see."),
    ("currency", "usd", "There is no division with this currency among those you see."),
    ("team", "queens", "There is no team with this name among those you see."),
    ("team", "Que%", "There is no team with this name among those you see."),
    ("tier", "Boss", "There is no authority tier with this name among those you see."),
    ("cost_centre", "4711", "There is no team with this cost_centre among those you see."),
    ("remedy", "no-pizza", "There is no remedy with this code among those you see."),
    ("reason_code", "' OR 1=1 --", "There is no reason code with this code among those you see."),
    ("channel", "pigeon", A_CHANNEL),
    ("channel", "Phone", A_CHANNEL),
    ("team", "a\x00b", NUL),
    ("division", "\x00", NUL),
    ("currency", "\x00", NUL),
]


@pytest.fixture
def pulls(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> Pulls:
    return Pulls(head_office["finance"])


def test_each_says_what_is_wrong_and_where(pulls: Pulls) -> None:
    for name, value, sentence in WRONG:
        answer = pulls.answer("resolutions", **{name: value})
        told = assert_problem(answer, 400, "invalid")["errors"]
        assert list(told) == [name], (name, value, told)
        assert told[name][0].startswith(sentence), (name, value, told)
    assert not ExportRun.objects.exists()


@pytest.mark.parametrize("name", TABLES)
def test_every_export_refuses_alike(pulls: Pulls, name: str) -> None:
    for month in ("1000-01", "9999-11", "9999-12"):
        for filters in ({"month": month}, {"month_from": month}, {"month_to": month}):
            assert pulls.answer(name, **filters).status_code == 200
    for filters in ({"month": "0000-00"}, {"nothing": "1"}, {"division": ""}, {"at_to": "x"}):
        told = assert_problem(pulls.answer(name, **filters), 400, "invalid")
        assert list(told["errors"]) == list(filters)


def test_all_that_is_wrong_is_told_at_once(pulls: Pulls) -> None:
    told = assert_problem(pulls.answer("gaps", months="2026-10", team="", x=""), 400, "invalid")
    assert set(told["errors"]) == {"months", "team", "x"}
    told = assert_problem(pulls.answer("gaps", month="x", amount_min="y"), 400, "invalid")
    assert set(told["errors"]) == {"month", "amount_min"}


def test_those_there_are_get_listed(pulls: Pulls) -> None:
    told = assert_problem(pulls.answer("budgets", x="1"), 400, "invalid")
    listed = told["errors"]["x"][0].removeprefix(NO_SUCH).removesuffix(".").split(", ")
    beside = {"format", "columns", "after"}
    assert listed == sorted({*filters_of("budgets").base_filters} | beside)
