"""Which kind of file comes, packed or not, and what is said about it."""

import gzip
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from pyarrow.parquet import read_table

from employees.models import Employee
from reports.exports import parquet
from reports.models import ExportRun
from tests.api.client import assert_problem
from tests.cast import Cast
from tests.putting_right import put_right, so_much
from tests.reports.exports.pulling import Pulls

pytestmark = pytest.mark.django_db(transaction=True)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "xlsx": EXCEL,
    "parquet": "application/vnd.apache.parquet",
}
TYPES = {**MEDIA, "csv": "text/csv; charset=utf-8"}


@pytest.fixture
def pulls(forno: Cast, head_office: dict[str, Employee]) -> Pulls:
    """Finance, with one remedy of 5.00 to pull."""
    put_right(forno.agent, so_much("money-off", "5.00"))
    return Pulls(head_office["finance"])


def pull(pulls: Pulls, **headers: str) -> Any:
    """The remedies, asked for with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return pulls.answer("resolutions", headers=named)


def test_each_format_is_asked_for_by_name_or_by_accept(pulls: Pulls) -> None:
    for name, kind in MEDIA.items():
        by_name = pulls.answer("resolutions", format=name)
        by_accept = pull(pulls, Accept=kind)
        for answer in (by_name, by_accept):
            assert answer.headers["Content-Type"] == TYPES[name]
            assert answer.headers["Content-Disposition"].endswith(f'.{name}"')
            assert answer.headers["Cache-Control"] == "no-store"
            assert {"Accept", "Accept-Encoding"} <= set(answer.headers["Vary"].split(", "))


def test_each_file_holds_the_row(pulls: Pulls) -> None:
    assert pulls.rows("resolutions")[0]["cost"] == "5.00"
    assert b'"cost":"5.00"' in pulls.content("resolutions", format="jsonl")
    book = load_workbook(io.BytesIO(pulls.content("resolutions", format="xlsx")))
    head, row = book["resolutions"].iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["cost"] == 5
    table = read_table(io.BytesIO(pulls.content("resolutions", format="parquet")))
    assert [str(cost) for cost in table["cost"].to_pylist()] == ["5.0000"]


@pytest.mark.once
@pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/*"])
def test_csv_comes_unless_something_else_is_asked_for(pulls: Pulls, accept: str) -> None:
    assert pull(pulls, Accept=accept).headers["Content-Type"] == TYPES["csv"]


@pytest.mark.once
@pytest.mark.parametrize("accept", ["application/pdf", "application/json", "text/html"])
def test_what_can_not_be_written_is_not_acceptable(pulls: Pulls, accept: str) -> None:
    assert_problem(pull(pulls, Accept=accept), 406, "not-acceptable")
    assert not ExportRun.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("accept", ["application/json", "application/pdf", EXCEL])
def test_the_format_counts_whatever_accept_says(pulls: Pulls, accept: str) -> None:
    answer = pulls.answer("resolutions", format="jsonl", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == TYPES["jsonl"]


@pytest.mark.once
@pytest.mark.parametrize("name", ["pdf", "CSV", "csv ", "json", "\x00", "é", "csv,xlsx"])
def test_an_unknown_format_is_refused_with_those_there_are(pulls: Pulls, name: str) -> None:
    told = assert_problem(pulls.answer("resolutions", format=name), 400, "invalid")
    assert told["errors"] == {
        "format": ["There is no such format. There is: csv, jsonl, xlsx, parquet."]
    }


@pytest.mark.once
@pytest.mark.parametrize("asked", ["", " ", ["csv", "xlsx"]])
def test_a_format_is_told_once(pulls: Pulls, asked: Any) -> None:
    told = assert_problem(pulls.answer("resolutions", format=asked), 400, "invalid")
    assert list(told["errors"]) == ["format"]


@pytest.mark.once
def test_without_pyarrow_parquet_is_a_clear_400(
    pulls: Pulls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda _: None)
    told = assert_problem(pulls.answer("resolutions", format="parquet"), 400, "invalid")
    assert "pip install “leeway[parquet]”" in told["errors"]["format"][0]
    assert pulls.content("resolutions", format="xlsx")


# --- gzip ---


@pytest.mark.once
@pytest.mark.parametrize("coding", ["gzip", "br, gzip;q=0.5", "GZIP", "x-gzip", "gzip; q=1.0"])
@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_a_text_file_is_packed_when_asked(pulls: Pulls, name: str, coding: str) -> None:
    plain = pulls.content("resolutions", format=name)
    answer = pulls.answer("resolutions", format=name, headers={"Accept-Encoding": coding})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.getvalue()) == plain


@pytest.mark.once
@pytest.mark.parametrize(
    "coding",
    ["", "identity", "br", "gzip;q=0", "gzip; q=0.0", "gzip;q=0.", "gzip ;Q=0.000", "*;q=0"],
)
def test_it_is_not_packed_unless_asked(pulls: Pulls, coding: str) -> None:
    answer = pull(pulls, Accept_Encoding=coding)
    assert "Content-Encoding" not in answer.headers
    assert answer.getvalue().startswith(b"id,")


@pytest.mark.once
@pytest.mark.parametrize("name", ["xlsx", "parquet"])
def test_what_is_packed_in_itself_is_not_packed_again(pulls: Pulls, name: str) -> None:
    answer = pulls.answer("resolutions", format=name, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.getvalue()[:2] in (b"PK", b"PA")


# --- HEAD ---


def test_head_tells_what_get_would_and_reads_nothing(pulls: Pulls) -> None:
    asked = {"after": "beginning", "format": "jsonl"}
    head = pulls.answer("resolutions", method="head", **asked)
    assert (head.status_code, head.getvalue()) == (200, b"")
    assert not ExportRun.objects.exists()
    get = pulls.answer("resolutions", **asked)
    for name in ("Content-Type", "Content-Disposition", "Vary", "Cache-Control"):
        assert head.headers[name] == get.headers[name]
    assert "Leeway-Next" not in head.headers, "it has not pulled what the cursor would pass over"
    assert pulls.answer("resolutions", method="head", team="Nowhere").status_code == 400


@pytest.mark.once
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_export_is_only_read(pulls: Pulls, method: str) -> None:
    assert_problem(pulls.answer("resolutions", method=method), 405, "method-not-allowed")
