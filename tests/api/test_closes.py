"""Closed months over the API: who closes, who reads, what is told, and the journal file."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import settings as trying

from employees.models import Employee, Team
from policies.models import Remedy
from reports.models import PeriodClose
from tests.api.client import PROBLEM, Api, assert_problem
from tests.api.test_fuzz import ANYTHING
from tests.api.test_schema import conforms
from tests.cast import Cast
from tests.closing import (
    closed,
    entry_of,
    finance_of,
    gave,
    noon,
    nothing_closed,
    returned,
    with_codes,
)
from tests.queries import assert_queries
from tests.raw_sql import execute, guards_down

WHO = "select knox_authtoken"
THIRD = datetime(2026, 11, 3, 9, tzinfo=UTC)
OCTOBER = {"division": "forno", "month": "2026-10"}


@pytest.fixture(autouse=True)
def _on_the_third_of_november() -> Iterator[None]:
    with time_machine.travel(THIRD, tick=False):
        yield


@pytest.fixture
def books(forno: Cast) -> Cast:
    """Forno with its codes, and 5.00 given in October."""
    with_codes(forno)
    gave(forno.agent, "5.00", noon(2))
    return forno


def close(api: Api, **body: Any) -> Any:
    """Close a month without a key: closing twice is refused anyway."""
    return api.post("closes/", OCTOBER | body, key=None)


def test_finance_closes_a_month_and_reads_it(books: Cast) -> None:
    earlier = gave(books.agent, "2.00", noon(2, month=9))
    closed(books, "2026-09")
    returned(earlier, books.lead, noon(3))
    api = Api(finance_of(books))

    answer = close(api)

    assert answer.status_code == 201
    told = answer.json()
    kept = PeriodClose.objects.get(month=date(2026, 10, 1))
    summary = {
        "id": kept.pk,
        "document": "forno-2026-10",
        "division": "forno",
        "month": "2026-10",
        "currency": "USD",
        "budget_account": "2190",
        "spent": "5.00",
        "given_back": "2.00",
        "entries": 2,
        "checksum": kept.checksum,
        "closed_by": "forno.finance",
        "closed_at": THIRD.isoformat(),
    }
    common = {"account": "6110", "cost_centre": "F-110", "remedy": "money-off", "entries": 1}
    spent = {"kind": "spent", "amount": "5.00", "original_entry": None, "original_month": None}
    back = {"kind": "given-back", "amount": "2.00", "original_month": "2026-09"}
    original = {"original_entry": entry_of(earlier).pk}
    assert told == {**summary, "lines": [common | spent, common | back | original]}
    assert api.get(f"closes/{kept.pk}/").json() == told
    assert api.get("closes/").json()["results"][0] == summary


def test_the_journal_is_a_file_with_the_closes_checksum(books: Cast) -> None:
    api = Api(finance_of(books))
    told = close(api).json()

    file = api.get(f"closes/{told['id']}/journal/")

    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"] == 'attachment; filename="forno-2026-10.csv"'
    assert sha256(file.content).hexdigest() == told["checksum"]
    digest = file.headers["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":")
    assert b64decode(digest).hex() == told["checksum"]
    assert file.content.startswith(b"document,line,date,account,cost_centre,debit,credit,currency")
    for accepted in ("text/csv", "application/json", "*/*"):
        again = api.client.get(
            f"/api/v1/closes/{told['id']}/journal/", headers=api._headers() | {"Accept": accepted}
        )
        assert again.content == file.content


def test_a_journal_that_is_not_what_was_closed_is_not_given(books: Cast) -> None:
    api = Api(finance_of(books))
    number = close(api).json()["id"]
    with guards_down("reports_closeline"):
        execute("UPDATE reports_closeline SET amount = amount + %s", Decimal("0.01"))

    answer = api.get(f"closes/{number}/journal/")

    told = assert_problem(answer, 500, "journal-changed")
    assert told["detail"].startswith("The journal forno-2026-10 is not what was closed")


def test_closing_is_refused_with_the_reason(books: Cast, scm: Cast) -> None:
    api = Api(finance_of())
    told = assert_problem(close(api, month="2026-11"), 409, "month-still-runs")
    assert told["detail"] == (
        "November 2026 still runs: close it from 1 December 2026 on, 00:00 in America/New_York."
    )
    assert_problem(close(api, month="2026-09"), 409, "month-too-early")
    assert_problem(close(api, division="scm"), 409, "month-too-early")
    assert nothing_closed()
    assert close(api).status_code == 201
    told = assert_problem(close(api), 409, "month-closed-already")
    assert told["detail"].startswith(
        "October 2026 was closed by group.finance on 3 November 2026 at 09:00 UTC."
    )
    with time_machine.travel(datetime(2027, 1, 3, tzinfo=UTC)):
        told = assert_problem(close(Api(finance_of()), month="2026-12"), 409, "earlier-month-open")
    assert told["detail"].startswith("Close November 2026 first")
    assert PeriodClose.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"division": "forno"}, "month"),
        ({"month": "2026-10"}, "division"),
        (OCTOBER | {"month": "2026-13"}, "month"),
        (OCTOBER | {"month": "2026-10-01"}, "month"),
        (OCTOBER | {"month": "0000-01"}, "month"),
        (OCTOBER | {"month": 202610}, "month"),
        (OCTOBER | {"month": None}, "month"),
        (OCTOBER | {"division": "fornos"}, "division"),
        (OCTOBER | {"division": "fo\x00rno"}, "division"),
        (OCTOBER | {"note": "x"}, "note"),
        ([], "body"),
    ],
    ids=str,
)
def test_what_can_not_be_meant_is_refused_by_field(books: Cast, body: Any, field: str) -> None:
    answer = Api(finance_of(books)).post("closes/", body, key=None)
    assert list(assert_problem(answer, 400, "invalid")["errors"]) == [field]
    assert nothing_closed()


def test_whatever_arrives_is_never_an_error_of_ours(books: Cast, settings: Any) -> None:
    settings.API_RATES = {"requests": ""}
    api = Api(finance_of(books))

    @trying(max_examples=60, deadline=None)
    @given(ANYTHING, ANYTHING)
    def send(division: Any, month: Any) -> None:
        for body in ({"division": division, "month": month}, OCTOBER | {"month": month}, month):
            answer = api.post("closes/", body, key=None)
            assert answer.status_code == 400, answer.content
            assert answer.headers["Content-Type"] == PROBLEM

    send()


@pytest.mark.parametrize("who", ["forno.driver1", "forno.lead1", "forno.manager", "admin"])
def test_only_finance_closes(books: Cast, head_office: dict[str, Employee], who: str) -> None:
    api = Api((books.people | head_office)[who])
    assert_problem(close(api), 403, "forbidden")
    assert_problem(close(api, month="x"), 403, "forbidden")
    assert nothing_closed()


def test_finance_of_another_division_does_not_learn_of_this_one(books: Cast, scm: Cast) -> None:
    api = Api(finance_of(scm))
    hidden = assert_problem(close(api), 400, "invalid")
    nowhere = assert_problem(close(api, division="nowhere"), 400, "invalid")
    assert hidden["errors"] == nowhere["errors"]
    assert_problem(api.get("closes/next/forno/"), 404, "not-found")
    assert nothing_closed()


SEES = {
    "forno.driver1": set(),
    "forno.lead1": set(),
    "forno.manager": {"forno-2026-10"},
    "forno.finance": {"forno-2026-10"},
    "scm.manager": {"scm-2026-10"},
    "scm.finance": {"scm-2026-10"},
    "group.finance": {"forno-2026-10", "scm-2026-10"},
    "admin": set(),
}


@pytest.mark.once
@pytest.mark.parametrize("who", SEES)
def test_each_reads_the_closes_of_their_division(
    books: Cast, scm: Cast, head_office: dict[str, Employee], who: str
) -> None:
    gave(scm.agent, "5.00", noon(2))
    for company in (books, scm):
        closed(company, "2026-10")
        finance_of(company)
    api = Api(Employee.objects.with_authority().get(username=who))

    told = api.get("closes/").json()["results"]

    assert {row["document"] for row in told} == SEES[who]
    for kept in PeriodClose.objects.select_related("division"):
        seen = f"{kept.division.code}-2026-10" in SEES[who]
        for path in (f"closes/{kept.pk}/", f"closes/{kept.pk}/journal/"):
            if seen:
                assert api.get(path).status_code == 200
            else:
                assert_problem(api.get(path), 404, "not-found")
        if not seen:
            assert_problem(api.get(f"closes/next/{kept.division.code}/"), 404, "not-found")


def test_what_is_not_there_is_not_found(books: Cast) -> None:
    api = Api(finance_of())
    for number in ("0", "-1", "one", 10**30):
        for path in (f"closes/{number}/", f"closes/{number}/journal/"):
            assert_problem(api.get(path), 404, "not-found")
    for code in ("nowhere", "-", "9" * 300):
        assert_problem(api.get(f"closes/next/{code}/"), 404, "not-found")


def test_nobody_reads_without_a_token(books: Cast) -> None:
    number = closed(books, "2026-10").pk
    for path in ("", f"{number}/", f"{number}/journal/", "next/forno/"):
        assert_problem(Api().get(f"closes/{path}"), 401, "not-authenticated")
    assert_problem(close(Api()), 401, "not-authenticated")


def test_closes_are_found_by_division_and_month(books: Cast, orchard: Cast) -> None:
    gave(orchard.agent, "5.00", noon(2))
    gave(books.agent, "5.00", noon(2, month=9))
    closed(books, "2026-09")
    closed(books, "2026-10")
    closed(orchard, "2026-10")
    api = Api(finance_of())

    def found(**query: str) -> list[str]:
        return [row["document"] for row in api.get("closes/", **query).json()["results"]]

    assert found() == ["orchard-2026-10", "forno-2026-10", "forno-2026-09"]
    assert found(division="forno") == ["forno-2026-10", "forno-2026-09"]
    assert found(month_from="2026-10") == ["orchard-2026-10", "forno-2026-10"]
    assert found(month_to="2026-09") == ["forno-2026-09"]
    assert found(page_size="1") == ["orchard-2026-10"]
    for query in ({"division": "x"}, {"month_from": "10"}, {"month": "2026-10"}):
        assert_problem(api.get("closes/", **query), 400, "invalid")


def test_before_closing_it_tells_what_the_close_would_hold(books: Cast) -> None:
    Remedy.objects.filter(code="voucher").update(gl_account="")
    Team.objects.filter(name="Queens").update(cost_centre="")
    gave(books.people["forno.driver3"], "5.00", noon(3), remedy="voucher")
    api = Api(finance_of(books))

    told = api.get("closes/next/forno/").json()

    assert {name: told[name] for name in told if name != "lines"} == {
        "division": "forno",
        "month": "2026-10",
        "could_begin_with": ["2026-10"],
        "over_at": "2026-11-01T00:00:00-04:00",
        "is_over": True,
        "currency": "USD",
        "budget_account": "2190",
        "spent": "8.00",
        "given_back": "0.00",
        "entries": 2,
        "remedies_without_account": ["voucher"],
        "teams_without_cost_centre": ["Queens"],
    }
    assert close(api).json()["lines"] == told["lines"]
    later = api.get("closes/next/forno/").json()
    assert (later["month"], later["is_over"], later["could_begin_with"]) == ("2026-11", False, [])
    assert later["over_at"] == "2026-12-01T00:00:00-05:00"


def test_where_nothing_was_given_there_is_no_next_close(scm: Cast) -> None:
    told = Api(scm.manager).get("closes/next/scm/").json()
    assert (told["month"], told["over_at"], told["is_over"]) == (None, None, False)
    assert (told["spent"], told["lines"]) == ("0.00", [])


def test_real_answers_are_as_described(books: Cast) -> None:
    schema = Client().get("/api/v1/schema/?format=json").json()
    api = Api(finance_of(books))
    one = "closes/{close_id}/"
    conforms(schema, "closes/next/{division}/", "get", 200, api.get("closes/next/forno/"))
    made = close(api)
    number = made.json()["id"]
    conforms(schema, "closes/", "post", 201, made)
    conforms(schema, "closes/", "post", 409, close(api))
    conforms(schema, "closes/", "post", 400, close(api, month="x"))
    conforms(schema, "closes/", "post", 403, close(Api(books.manager)))
    conforms(schema, "closes/", "get", 200, api.get("closes/"))
    conforms(schema, one, "get", 200, api.get(f"closes/{number}/"))
    conforms(schema, one, "get", 404, api.get("closes/0/"))
    file = schema["paths"][f"/api/v1/{one}journal/"]["get"]["responses"]["200"]["content"]
    assert list(file) == ["text/csv"]
    refusals = schema["paths"]["/api/v1/closes/"]["post"]["responses"]["409"]["content"][PROBLEM]
    assert set(refusals["examples"]) == {
        *("month-closed-already", "month-still-runs", "earlier-month-open", "month-too-early")
    }


@pytest.mark.parametrize("months", [1, 2])
def test_a_list_of_closes_however_long(books: Cast, months: int) -> None:
    gave(books.agent, "5.00", noon(2, month=9))
    for month in ("2026-09", "2026-10")[:months]:
        closed(books, month)
    api = Api(finance_of(books))
    with assert_queries([WHO, "select periodclose"]):
        assert len(api.get("closes/").json()["results"]) == months


@pytest.mark.parametrize("given", [1, 12])
def test_closing_however_much_was_given(books: Cast, given: int) -> None:
    earlier = [gave(books.agent, "1.00", noon(2, month=9)) for _ in range(given)]
    closed(books, "2026-09")
    for receipt in earlier:
        returned(receipt, books.lead, noon(3))
    api = Api(finance_of(books))
    with assert_queries(
        [
            WHO,
            "select division",
            "select division",  # held, so that two who close wait for each other
            "select periodclose",  # is it closed?
            "select periodclose",  # how far are they closed?
            "select team",  # where is it over?
            "select team",  # when does it end, in each time zone
            "create",
            "insert leeway_entries_to_close",
            "select",  # the lines
            "select ledgerentry",  # in whose close the originals are
            "insert periodclose",
            "insert closeline",
            "insert closedentry",
            "drop",
            "select closeline",
        ]
    ):
        assert close(api).status_code == 201
    number = PeriodClose.objects.get(month=date(2026, 10, 1)).pk
    with assert_queries([WHO, "select periodclose", "select closeline"]):
        assert len(api.get(f"closes/{number}/").json()["lines"]) == given + 1
    with assert_queries([WHO, "select periodclose", "select closeline"]):
        assert api.get(f"closes/{number}/journal/").status_code == 200
