"""The page door of an export: a file for finance, and a kind page when something is not right."""

import csv
import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from employees.models import Employee
from reports.exports import slots
from reports.models import ExportRun
from tests.cast import Cast
from tests.pages import client_of, value_of, words
from tests.putting_right import put_right, so_much

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "/finance/exports/ledger/"


@pytest.fixture
def finance(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> Client:
    put_right(forno.agent, so_much("money-off", "5.00"))
    return client_of(head_office["finance"])


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode(), newline="")))


def test_finance_gets_the_file(finance: Client, head_office: dict[str, Employee]) -> None:
    answer = finance.get(DOOR, {"month_from": "2026-11", "division": "forno"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="leeway-ledger-')
    assert [row["amount"] for row in rows_of(answer)] == ["120.00", "-5.00"]
    run = ExportRun.objects.get()
    assert (run.employee, run.rows, run.outcome) == (head_office["finance"], 2, "whole")
    assert run.asked == {"month_from": "2026-11", "division": "forno"}


BEGINS = {"csv": b"id,at", "jsonl": b'{"id"', "xlsx": b"PK", "parquet": b"PAR1"}


@pytest.mark.once
@pytest.mark.parametrize(("name", "begins"), BEGINS.items())
def test_as_the_file_that_was_chosen(finance: Client, name: str, begins: bytes) -> None:
    answer = finance.get(DOOR, {"format": name})
    assert answer.getvalue().startswith(begins)
    assert answer.headers["Content-Disposition"].endswith(f'.{name}"')


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"month_from": "soon"}, "month_from: Write a year and a month, such as 2026-11."),
        ({"division": "elsewhere"}, "division: There is no division with this code"),
        ({"format": "pdf"}, "format: There is no such format. There is: csv, jsonl,"),
        ({"nothing": "1"}, "nothing: There is no such filter here."),
        ({"columns": "note"}, "“note” holds what people wrote in their own words"),
        ({"after": "x"}, "This cursor is no good here."),
        ({"month": "2026-11", "team": "<b>x</b>"}, "team: There is no team with this name"),
    ],
)
def test_what_is_not_right_is_told_on_the_page(
    finance: Client, asked: dict[str, str], said: str
) -> None:
    page = finance.get(DOOR, asked)
    assert page.status_code == 400
    assert words(page).count(said) == 1
    assert not ExportRun.objects.exists()


@pytest.mark.once
def test_the_form_keeps_what_was_asked(finance: Client) -> None:
    asked = {"month_from": "2026-09", "month_to": "2026-10", "division": "scm", "format": "xlsx"}
    page = finance.get(DOOR, {**asked, "team": "Nowhere"})
    assert page.status_code == 400
    assert value_of(page, "export") == "ledger"
    for name in ("month_from", "month_to", "format"):
        assert value_of(page, name) == asked[name]
    assert '<option value="scm" selected>' in page.content.decode()


def test_another_name_is_nowhere(finance: Client) -> None:
    for name in ("everything", "Ledger", "ledger%00", "..%2Fledger"):
        assert finance.get(f"/finance/exports/{name}/").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("who", ["agent", "lead", "manager", "admin"])
def test_others_are_refused(forno: Cast, head_office: dict[str, Employee], who: str) -> None:
    people = {name: getattr(forno, name) for name in ("agent", "lead", "manager")} | head_office
    for name in ("ledger", "everything"):
        assert client_of(people[who]).get(f"/finance/exports/{name}/").status_code == 403
    assert Client().get(DOOR)["Location"] == f"/sign-in/?next={DOOR}"
    assert not ExportRun.objects.exists()


def test_finance_of_a_division_gets_its_own(finance: Client, forno: Cast, scm: Cast) -> None:
    one = Employee.objects.create_user(
        "scm.finance", role="finance", division=scm.division, team=scm.teams["Sydney"]
    )
    assert rows_of(client_of(one).get(DOOR)) == []
    page = client_of(one).get(DOOR, {"division": "forno"})
    elsewhere = client_of(one).get(DOOR, {"division": "there"})
    assert (page.status_code, elsewhere.status_code) == (400, 400)
    assert words(page) == words(elsewhere)


def test_a_day_is_the_same_day_here_and_over_the_api(finance: Client, scm: Cast) -> None:
    """In UTC, wherever whoever asks works: the log has it as it was written."""
    one = Employee.objects.create_user(
        "scm.finance", role="finance", division=scm.division, team=scm.teams["Sydney"]
    )
    credit = so_much("bill-credit", "5.00")
    put_right(scm.agent, credit, reason_code="late-fee")  # at 15:00 UTC, on the next day in Sydney
    resolutions = "/finance/exports/resolutions/"
    assert len(rows_of(client_of(one).get(resolutions, {"at_from": "2026-11-21T15:00"}))) == 1
    assert rows_of(client_of(one).get(resolutions, {"at_from": "2026-11-21T15:01"})) == []
    assert len(rows_of(client_of(one).get(resolutions, {"at_to": "2026-11-22"}))) == 1


def test_too_many_at_once_are_asked_to_wait(
    finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = [finance.get(DOOR) for _ in range(settings.EXPORTS_AT_ONCE)]
    page = finance.get(DOOR)
    assert page.status_code == 429
    assert page["Retry-After"] == "20"
    assert "Try again in 20 seconds." in words(page)
    for answer in running:
        answer.close()
    assert slots._slots._value == settings.EXPORTS_AT_ONCE
    assert {run.outcome for run in ExportRun.objects.all()} == {"broken-off"}
