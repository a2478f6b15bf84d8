"""How an export is asked for over HTTP: as which kind of file, and of which months."""

from typing import Any

import pytest

from employees.models import Employee
from reports.models import ExportRun
from tests.api.client import Api, assert_problem
from tests.cast import Cast
from tests.closing import closed, gave, noon

pytestmark = pytest.mark.django_db(transaction=True)  # an export has a connection of its own

CSV, JSONL = "text/csv; charset=utf-8", "application/jsonl"
LEDGER = "/api/v1/exports/ledger/"


@pytest.fixture
def finance(head_office: dict[str, Employee], scm: Cast) -> Api:
    """Finance of the group."""
    return Api(head_office["finance"])


def asked(api: Api, method: str = "get", accept: str = "*/*", **query: str) -> Any:
    """The answer, read to its end."""
    headers = {"Authorization": f"Bearer {api.token}", "Accept": accept}
    answer = getattr(api.client, method)(LEDGER, query, headers=headers)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


@pytest.mark.once
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", CSV),
        ("text/html, */*;q=0.8", CSV),
        ("application/jsonl, */*", JSONL),
        ("text/csv;q=0.1, application/jsonl", JSONL),
        ("text/csv;q=0, application/*;q=0.5", JSONL),
        ("text/csv; charset=utf-8, application/jsonl;q=0.9", CSV),
    ],
)
def test_the_kind_of_file_is_the_one_that_is_wanted_most(
    finance: Api, accept: str, kind: str
) -> None:
    assert asked(finance, accept=accept).headers["Content-Type"] == kind


@pytest.mark.parametrize("accept", ["application/json", "text/csv;q=0", "*/*;q=0.000"])
def test_what_nobody_wants_is_not_sent(finance: Api, accept: str) -> None:
    assert_problem(asked(finance, accept=accept), 406, "not-acceptable")
    assert not ExportRun.objects.exists()


def test_the_format_counts_whatever_is_accepted(finance: Api) -> None:
    answer = asked(finance, accept="application/json", format="jsonl")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, JSONL)


def test_whoever_asks_what_it_would_be_pulls_nothing(finance: Api) -> None:
    answer = asked(finance, "head", format="jsonl", after="beginning")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, JSONL)
    assert asked(finance, "head", wrong="1").status_code == 400
    assert not ExportRun.objects.exists()


@pytest.mark.parametrize("month", ["9999-12", "9999-11", "1000-01"])
@pytest.mark.parametrize("name", ["month", "month_from", "month_to", "closed_in"])
def test_every_month_that_can_be_written_can_be_asked_for(
    finance: Api, name: str, month: str
) -> None:
    assert asked(finance, **{name: month}).status_code == 200


def test_a_month_before_the_year_1000_is_a_slip(finance: Api) -> None:
    told = assert_problem(asked(finance, month="0026-10"), 400, "invalid")
    assert told["errors"]["month"] == ["Write a year and a month, such as 2026-11."]


def test_what_is_new_of_a_closed_month_would_miss_what_was_pulled_before(
    finance: Api, scm: Cast
) -> None:
    """An entry is closed after it was written: its mark does not say when."""
    gave(scm.agent, "5.00", noon(3))
    closed(scm, "2026-10")
    assert asked(finance, closed_in="2026-10").status_code == 200
    told = assert_problem(asked(finance, closed_in="2026-10", after="beginning"), 400, "invalid")
    assert "closed month" in told["errors"]["after"][0]
