"""Finance's front page: an export pulled by hand, and the log of what was exported."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from employees.models import Employee
from reports.exports.tables import TABLES
from reports.models import ExportName, ExportRun
from reports.views.asked_words import in_words
from tests.cast import Cast
from tests.pages import client_of, value_of, words
from tests.putting_right import NOW
from tests.queries import assert_queries
from tests.tokens import made, pulled

PAGE = "/finance/"


@pytest.fixture
def finance(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> Client:
    return client_of(head_office["finance"])


def ask(client: Client, **asked: str) -> Any:
    usual = {"export": "ledger", "month_from": "2026-10", "month_to": "2026-10", "format": "csv"}
    return client.get(PAGE, {**usual, **asked})


@pytest.mark.once
def test_finance_lands_here(forno: Cast, head_office: dict[str, Employee]) -> None:
    client = client_of(head_office["finance"])
    assert client.get("/")["Location"] == PAGE
    assert client.get("/sign-in/")["Location"] == PAGE


@pytest.mark.once
@pytest.mark.parametrize("who", ["agent", "lead", "manager", "admin"])
def test_the_page_is_for_finance(forno: Cast, head_office: dict[str, Employee], who: str) -> None:
    person = head_office["admin"] if who == "admin" else getattr(forno, who)
    for where in (PAGE, "/finance/exports/ledger/"):
        assert client_of(person).get(where).status_code == 403
    assert Client().get(PAGE)["Location"] == f"/sign-in/?next={PAGE}"


@pytest.mark.once
def test_each_export_says_what_it_holds(finance: Client) -> None:
    said = words(finance.get(PAGE))
    for name in ExportName:
        assert f"{name.label} {TABLES[name].about}" in said


@pytest.mark.once
def test_the_month_before_is_offered(finance: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        page = finance.get(PAGE)
    assert value_of(page, "month_from") == value_of(page, "month_to") == "2026-10"
    assert (value_of(page, "export"), value_of(page, "format")) == ("resolutions", "csv")


@pytest.mark.once
def test_the_form_leads_to_the_file(finance: Client) -> None:
    where = urlsplit(ask(finance, division="scm", format="xlsx")["Location"])
    assert where.path == "/finance/exports/ledger/"
    assert parse_qs(where.query) == {
        "month_from": ["2026-10"],
        "month_to": ["2026-10"],
        "division": ["scm"],
        "format": ["xlsx"],
    }
    where = urlsplit(ask(finance, month_from="", month_to="", division="")["Location"])
    assert parse_qs(where.query) == {"format": ["csv"]}


def test_finance_of_a_division_is_asked_for_none(forno: Cast, scm: Cast) -> None:
    one = Employee.objects.create_user("forno.finance", role="finance", division=forno.division)
    assert "Southern Cross" not in words(client_of(one).get(PAGE))
    assert "division" not in ask(client_of(one), division="scm")["Location"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"export": "everything"}, "Choose among what is offered."),
        ({"export": ""}, "Choose what to export."),
        ({"format": "pdf"}, "Choose among what is offered."),
        ({"division": "elsewhere"}, "Choose among what is offered."),
        ({"month_from": "October"}, "Write a year and a month, such as 2026-11."),
        ({"month_to": "2026-13"}, "Write a year and a month, such as 2026-11."),
        ({"month_to": "2026-09"}, "Choose October 2026 or a later month."),
    ],
)
def test_what_can_not_be_meant_is_refused_kindly_and_nothing_is_lost(
    finance: Client, asked: dict[str, str], sentence: str
) -> None:
    page = ask(finance, **asked)
    assert page.status_code == 400
    assert words(page).count(sentence) == 1
    for name, value in {"month_from": "2026-10", **asked}.items():
        if name.startswith("month"):
            assert value_of(page, name) == value


def test_a_browser_that_asks_what_the_file_would_be_pulls_nothing(finance: Client) -> None:
    assert finance.head("/finance/exports/ledger/").status_code == 200
    assert not ExportRun.objects.exists()


@pytest.mark.once
def test_an_export_that_there_is_not_is_nowhere(finance: Client) -> None:
    assert finance.get("/finance/exports/everything/").status_code == 404


# --- The log ---


def test_the_log_says_who_pulled_what_when_and_how_it_went(
    finance: Client, head_office: dict[str, Employee], forno: Cast
) -> None:
    token, _ = made(head_office["admin"])
    october = {"month_from": "2026-10", "month_to": "2026-10", "division": "forno"}
    pulled(token, export="gaps", format="parquet", rows=1, asked=october, at=NOW)
    pulled(head_office["finance"], rows=123456, at=NOW + timedelta(hours=1))
    pulled(token, outcome="broken-off", rows=2000, at=NOW - timedelta(hours=1))
    pulled(token, outcome="running", rows=0, ended_at=None, at=NOW - timedelta(hours=2))
    with time_machine.travel(NOW, tick=False):
        said = words(finance.get(PAGE))
    lately = said[said.index("Lately exported") :]
    assert "Authority gaps as Parquet 1 row October 2026 · Forno · Nightly load (a" in lately
    assert "(a machine) · today 15:00" in lately
    assert "Ledger as CSV 123,456 rows Everything · Finance · today 16:00" in lately
    assert "Broken off after 2,000 rows" in lately
    assert "Under way, or cut off" in lately
    assert lately.index("123,456") < lately.index("1 row ") < lately.index("2,000")


def test_the_log_shows_what_is_theirs_alone(
    head_office: dict[str, Employee], forno: Cast, scm: Cast
) -> None:
    one = Employee.objects.create_user("forno.finance", role="finance", division=forno.division)
    pulled(head_office["finance"], rows=11)
    pulled(made(head_office["finance"], name="Warehouse")[0], rows=12)
    pulled(made(head_office["finance"], divisions=[scm.division], name="Sydney")[0], rows=13)
    pulled(made(head_office["finance"], divisions=[forno.division], name="Ours")[0], rows=14)
    pulled(one, rows=15)
    said = words(client_of(one).get(PAGE))
    assert "14 rows" in said
    assert "15 rows" in said
    for foreign in ("11 rows", "12 rows", "13 rows", "Warehouse", "Sydney"):
        assert foreign not in said


@pytest.mark.once
def test_before_anything_was_exported_the_page_says_so(finance: Client) -> None:
    assert "Nothing was exported yet." in words(finance.get(PAGE))


def test_the_log_comes_in_pages(finance: Client, head_office: dict[str, Employee]) -> None:
    for number in range(16):
        pulled(head_office["finance"], rows=1000 + number, at=NOW + timedelta(hours=number))
    first, second = (words(finance.get(PAGE, {"page": page})) for page in (1, 2))
    assert ("1,015 rows" in first, "1,000 rows" in first) == (True, False)
    assert "1,000 rows" in second


def test_the_page_costs_the_same_however_long_the_log(
    finance: Client, head_office: dict[str, Employee]
) -> None:
    for _ in range(5):
        pulled(made(head_office["finance"])[0])
    with assert_queries(
        [
            "session",
            "select employees_employee",
            "select employees_division",
            "select exportrun",  # how many
            "select exportrun",  # with whoever pulled them
        ]
    ):
        finance.get(PAGE)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "everything"),
        ({"format": "csv", "division": ""}, "everything"),
        ({"month_from": "2026-10", "month_to": "2026-10"}, "October 2026"),
        ({"month_from": "2026-09", "month_to": "2026-10"}, "September 2026 to October 2026"),
        ({"month_from": "2026-09"}, "from September 2026"),
        ({"month_to": "2026-09"}, "up to September 2026"),
        ({"month_to": "soon"}, "up to soon"),
        ({"division": "forno"}, "Forno"),
        ({"division": "gone"}, "gone"),
        ({"after": "abc", "columns": "id,cost"}, "what was new · 2 columns"),
        ({"columns": "id", "cost_centre": "4711"}, "1 column · cost centre 4711"),
        ({"remedy": "free-pizza", "amount_from": "5.00"}, "remedy free-pizza · amount from 5.00"),
    ],
)
def test_a_filter_is_told_in_words(asked: dict[str, Any], said: str) -> None:
    assert in_words(asked, {"forno": "Forno"}) == said
