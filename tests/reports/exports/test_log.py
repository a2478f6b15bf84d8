"""The log: who pulled what, with which filters, how many rows, and how it ended."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connections

from employees.models import Employee
from reports.exports import pull as pulling
from reports.exports import slots, snapshot, writers
from reports.exports.rows import Source
from reports.exports.tables import TABLES
from reports.models import ExportRun
from tests.api.client import assert_problem
from tests.cast import Cast
from tests.putting_right import put_right, so_much
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World
from tests.tokens import made

pytestmark = pytest.mark.django_db(transaction=True)
A_ROW = b"a row of the file\n"
_WHY = "This file is not whole: something went wrong on our side. Ask for it again."
SORRY = {
    "csv": f"#broken-off,{_WHY}\n".encode(),
    "jsonl": f'{{"broken_off":"{_WHY}"}}\n'.encode(),
}


def free() -> int:
    """How many more exports may run now."""
    return int(slots._slots._value)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The connections that exports have opened."""
    kept: list[Any] = []
    wrapper = type(connections["default"])
    copy = wrapper.copy

    def noted(self: Any, alias: Any = None) -> Any:
        kept.append(copy(self, alias))
        return kept[-1]

    monkeypatch.setattr(wrapper, "copy", noted)
    return kept


def broken_after(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the database fail in the middle of an export."""

    def lines(*_: Any) -> Iterator[bytes]:
        yield from [A_ROW] * rows
        raise RuntimeError("The disk is gone.")

    def values(*_: Any) -> Iterator[tuple[Any, ...]]:
        yield from ()
        raise RuntimeError("The disk is gone.")

    monkeypatch.setattr(writers, "lines", lines)
    monkeypatch.setattr(Source, "values", values)


def given_back(opened: list[Any]) -> bool:
    """Whether the last export's connection is closed and its place free."""
    return opened[-1].connection is None and free() == settings.EXPORTS_AT_ONCE


# --- Whole ---


def test_each_export_is_in_the_log(world: World, head_office: dict[str, Employee]) -> None:
    finance, (token, secret) = head_office["finance"], made(head_office["finance"])
    Pulls(finance).content("cases", format="jsonl", team="Queens", month="2026-10")
    Pulls(secret).content("ledger", columns="at,id", after="beginning")
    of_machine, of_finance = ExportRun.objects.all()
    assert (of_finance.export, of_finance.format) == ("cases", "jsonl")
    assert of_finance.asked == {"team": "Queens", "month": "2026-10"}
    assert (of_finance.employee, of_finance.token) == (finance, None)
    assert (of_finance.outcome, of_finance.rows) == ("whole", 1)
    assert (of_machine.employee, of_machine.token) == (None, token)
    assert of_machine.asked == {"columns": "at,id", "after": "beginning"}
    assert of_machine.rows == len(Pulls(finance).ids("ledger"))
    assert of_machine.ended_at
    assert of_machine.started_at < of_machine.ended_at


def test_all_formats_count_their_rows(world: World, finance: Pulls) -> None:
    rows = len(finance.ids("ledger"))
    for name in ("csv", "jsonl", "xlsx", "parquet"):
        finance.content("ledger", format=name)
        assert ExportRun.objects.first().rows == rows, name  # type: ignore[union-attr]
    finance.answer("ledger", headers={"Accept-Encoding": "gzip"}).getvalue()
    assert set(ExportRun.objects.values_list("rows", "outcome")) == {(rows, "whole")}


def test_it_is_in_the_log_before_the_first_byte(forno: Cast, finance: Pulls) -> None:
    answer = finance.answer("ledger")
    run = ExportRun.objects.get()
    assert (run.outcome, run.rows, run.ended_at) == ("running", 0, None)
    answer.getvalue()
    run.refresh_from_db()
    assert run.outcome == "whole"


def test_the_connection_and_the_place_are_given_back(
    world: World, finance: Pulls, opened: list[Any]
) -> None:
    for name in TABLES:
        finance.content(name)
        assert given_back(opened)
    assert len(opened) == len(TABLES)


def test_the_connection_reads_only(forno: Cast) -> None:
    refused = pytest.raises(DatabaseError, match=r"read-?only")
    with refused, snapshot.one_moment() as own, own.cursor() as cursor:
        cursor.execute("DELETE FROM reports_exportrun")


# --- Broken off ---


@pytest.mark.usefixtures("forno")
@pytest.mark.parametrize("name", SORRY)
def test_a_text_file_that_breaks_off_says_so(
    finance: Pulls, opened: list[Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    broken_after(3, monkeypatch)
    *_, last = finance.content("ledger", format=name, after="beginning").splitlines(keepends=True)
    assert last == SORRY[name]
    run = ExportRun.objects.get()
    assert (run.outcome, run.rows) == ("broken-off", 3)
    assert run.ended_at is not None
    assert given_back(opened)


@pytest.mark.parametrize("rows", [0, 1, 20_000])
def test_all_rows_that_the_log_counts_have_gone_out(
    forno: Cast, finance: Pulls, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    broken_after(rows, monkeypatch)
    content = finance.content("ledger", format="jsonl")
    assert content.count(A_ROW) == ExportRun.objects.get().rows == rows


@pytest.mark.usefixtures("forno")
@pytest.mark.parametrize("name", ["xlsx", "parquet", "gzip"])
def test_another_file_that_breaks_off_has_no_end(
    finance: Pulls, opened: list[Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """No such file can be opened without it; the web server breaks the connection off."""
    broken_after(3, monkeypatch)
    packed = name == "gzip"
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    answer = finance.answer("ledger", format="csv" if packed else name, headers=headers)
    with pytest.raises(RuntimeError, match="The disk is gone"):
        answer.getvalue()
    assert ExportRun.objects.get().outcome == "broken-off"
    assert given_back(opened)


@pytest.mark.parametrize("pieces", [0, 1])
def test_whoever_goes_away_early_frees_it_at_once(
    world: World, finance: Pulls, opened: list[Any], pieces: int
) -> None:
    answer = finance.answer("ledger")
    for _ in range(pieces):
        next(iter(answer))
    assert free() == settings.EXPORTS_AT_ONCE - 1
    assert opened[-1].connection is not None
    answer.close()
    assert given_back(opened)
    assert ExportRun.objects.get().outcome == "broken-off"
    answer.close()
    assert free() == settings.EXPORTS_AT_ONCE, "it is given back once"


def test_closing_what_has_ended_changes_nothing(forno: Cast, finance: Pulls) -> None:
    answer = finance.answer("ledger")
    answer.getvalue()
    answer.close()
    assert ExportRun.objects.get().outcome == "whole"


@pytest.mark.usefixtures("forno")
@pytest.mark.parametrize("what", ["moment_of", "_write_into_the_log", "in_pieces"])
def test_what_fails_before_the_first_byte_holds_nothing(
    finance: Pulls, opened: list[Any], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("No.")

    monkeypatch.setattr(pulling, what, fail)
    finance._api.client.raise_request_exception = False
    assert finance.answer("ledger", after="beginning").status_code == 500
    assert given_back(opened)


# --- Too many at once ---


def test_too_many_at_once_are_asked_to_wait(forno: Cast, head_office: dict[str, Employee]) -> None:
    put_right(forno.agent, so_much("money-off", "5.00"))
    finance = Pulls(head_office["finance"])
    running = []
    for _ in range(settings.EXPORTS_AT_ONCE):
        running.append(finance.answer("ledger"))
        finance._unread.clear()
    refused = finance.answer("ledger")
    told = assert_problem(refused, 429, "too-many-requests")
    assert "Try again in 20 seconds." in told["detail"]
    assert refused["Retry-After"] == "20"
    assert ExportRun.objects.count() == settings.EXPORTS_AT_ONCE
    running.pop().getvalue()
    assert finance.ids("ledger")
    for answer in running:
        answer.close()
    assert free() == settings.EXPORTS_AT_ONCE
