"""Only what is new: all once, then nothing, then what came since; and when a cursor is refused."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.utils import timezone

from budgets.models import Budget, LedgerEntry
from employees.models import Employee
from reports.exports import news
from reports.exports.tables import TABLES
from reports.models import ExportRun
from resolutions.models import AuthorityGap, Case, Resolution
from tests.api.client import assert_problem
from tests.cast import Cast
from tests.gaps import answered, refuse
from tests.giving_back import gave_back
from tests.putting_right import NOW, give_also, put_right, so_much
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World
from tests.tokens import made

pytestmark = pytest.mark.django_db(transaction=True)
BEGINNING = "beginning"
MODELS: dict[str, Any] = {
    "resolutions": Resolution,
    "ledger": LedgerEntry,
    "budgets": Budget,
    "cases": Case,
    "gaps": AuthorityGap,
}


def newest(name: str) -> int:
    return int(MODELS[name].objects.latest("pk").pk)


def refused(answer: Any) -> str:
    """Why a cursor was refused."""
    (why,) = assert_problem(answer, 400, "invalid")["errors"]["after"]
    assert why.startswith("This cursor is no good here.")
    assert why.endswith("Write “beginning”.")
    return str(why)


# --- What comes ---


def test_everything_comes_from_the_beginning_and_then_nothing(world: World, finance: Pulls) -> None:
    for name in TABLES:
        found, cursor = finance.since(name, BEGINNING)
        assert found == sorted(MODELS[name].objects.values_list("pk", flat=True)) != []
        for _ in range(2):
            found, cursor = finance.since(name, cursor)
            assert found == []


def test_then_just_what_is_new(world: World, finance: Pulls) -> None:
    cursors = {name: finance.since(name, BEGINNING)[1] for name in TABLES}
    refuse(world.scm.agent, so_much("bill-credit", "900.00"), reason_code="late-fee")
    put_right(world.forno.colleague, so_much("money-off", "1.00"))
    for name, cursor in cursors.items():
        found, following = finance.since(name, cursor)
        month_with_its_allotment = 2 if name == "ledger" else 1
        assert len(found) == month_with_its_allotment, name
        assert found[-1] == newest(name)
        assert finance.since(name, cursor)[0] == found, "the same cursor, the same rows"
        assert finance.since(name, following)[0] == []


def test_a_case_that_was_changed_comes_again_and_a_resolution_never(
    world: World, finance: Pulls
) -> None:
    cases = finance.since("cases", BEGINNING)[1]
    resolutions = finance.since("resolutions", BEGINNING)[1]
    give_also(world.receipts["october"], world.forno.lead, so_much("voucher", "1.00"))
    found, cases = finance.since("cases", cases)
    assert found == world.cases("october")
    found, resolutions = finance.since("resolutions", resolutions)
    assert found == [newest("resolutions")]
    gave_back(world.forno.lead, world.receipts["october"])
    assert finance.since("resolutions", resolutions)[0] == []
    rows = finance.rows("resolutions", columns="id,given_back_at")
    given_back = {int(row["id"]) for row in rows if row["given_back_at"]}
    assert set(world.given("october")) <= given_back


def test_a_case_that_came_again_comes_no_third_time(world: World, finance: Pulls) -> None:
    cursor = finance.since("cases", BEGINNING)[1]
    for _ in range(2):
        Case.objects.filter(pk__in=world.cases("queens", "perth")).update(note="Changed.")
    found, cursor = finance.since("cases", cursor)
    assert found == world.cases("queens", "perth")
    assert finance.since("cases", cursor)[0] == []


def test_a_gap_comes_again_when_it_is_answered(world: World, finance: Pulls) -> None:
    cursor = finance.since("gaps", BEGINNING)[1]
    answered(world.forno, world.gaps["queens"])
    assert finance.since("gaps", cursor)[0] == [world.gaps["queens"].pk]


def test_a_budget_comes_again_when_money_moved_in_it(world: World, finance: Pulls) -> None:
    cursor = finance.since("budgets", BEGINNING)[1]
    put_right(world.forno.agent, so_much("money-off", "1.00"))
    put_right(world.forno.agent, so_much("money-off", "2.00"))
    found, cursor = finance.since("budgets", cursor)
    months = Budget.objects.filter(employee=world.forno.agent)
    assert found == [months.get(month="2026-11-01").pk]
    put_right(world.forno.agent, so_much("money-off", "3.00"), reason_code="cold", order_value="9")
    assert finance.since("budgets", cursor)[0] == [Budget.objects.get(kind="entitlements").pk]


def test_filters_go_on_from_a_cursor_of_their_own(world: World, finance: Pulls) -> None:
    cursor = finance.since("resolutions", BEGINNING, team="Queens")[1]
    put_right(world.forno.agent, so_much("money-off", "1.00"))
    queens = world.forno.people["forno.driver3"]
    put_right(queens, so_much("money-off", "2.00"))
    found, cursor = finance.since("resolutions", cursor, team="Queens")
    assert found == [newest("resolutions")]


# --- How it ends ---


def test_the_last_line_of_a_csv_file_says_how_many_and_where_to_go_on(
    world: World, finance: Pulls
) -> None:
    answer = finance.answer("resolutions", after=BEGINNING, columns="id,cost")
    *rows, end = answer.getvalue().decode().splitlines()
    cursor = answer["Leeway-Next"]
    assert end == f"#end,{len(rows) - 1},{cursor}"
    (row,) = ExportRun.objects.all()
    assert (row.rows, row.asked) == (len(rows) - 1, {"after": BEGINNING, "columns": "id,cost"})
    where, _, rel = answer["Link"].partition(">")
    assert rel == '; rel="next"'
    assert parse_qs(urlsplit(where).query) == {"after": [cursor], "columns": ["id,cost"]}
    nothing = finance.answer("resolutions", after=cursor).getvalue().decode().splitlines()
    assert nothing[-1].startswith("#end,0,")


@pytest.mark.once
def test_the_last_line_of_json_lines_says_so_too(world: World, finance: Pulls) -> None:
    answer = finance.answer("gaps", after=BEGINNING, format="jsonl")
    *rows, end = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert end == {"end": {"rows": len(rows), "next": answer["Leeway-Next"]}}
    assert all("end" not in row for row in rows)


@pytest.mark.once
def test_without_a_cursor_there_is_no_last_line_and_none_to_go_on(
    world: World, finance: Pulls
) -> None:
    for name in ("csv", "jsonl"):
        answer = finance.answer("gaps", format=name)
        assert len(answer.getvalue().splitlines()) == 3 + (name == "csv")
        assert "Leeway-Next" not in answer
        assert "Link" not in answer


@pytest.mark.once
def test_the_link_leads_on(world: World, finance: Pulls) -> None:
    answer = finance.answer("ledger", after=BEGINNING, division="forno")
    answer.getvalue()
    where = answer["Link"].partition("<")[2].partition(">")[0]
    assert where.startswith("http://testserver/api/v1/exports/ledger/?")
    following = finance._api.client.get(
        where,
        headers={"Authorization": f"Bearer {finance._api.token}"},
    )
    assert following.getvalue().splitlines()[1].startswith(b"#end,0,")


# --- Which cursors are refused ---


@pytest.fixture
def cursor(forno: Cast, scm: Cast, finance: Pulls) -> str:
    put_right(forno.agent, so_much("money-off", "5.00"))
    return finance.since("ledger", BEGINNING)[1]


@pytest.mark.once
@pytest.mark.parametrize(
    "broken",
    ["abc", "a:b:c", "Beginning", "0", "é:ü:ï", "x" * 5000, "\x00", ":", "..", "beginning "],
)
def test_a_broken_cursor_is_refused(finance: Pulls, cursor: str, broken: str) -> None:
    assert "none of ours, or not whole" in refused(finance.answer("ledger", after=broken))


@pytest.mark.once
def test_a_cursor_that_was_changed_anywhere_is_refused(finance: Pulls, cursor: str) -> None:
    for place in range(0, len(cursor), 7):
        letter = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + letter + cursor[place + 1 :]
        assert "none of ours" in refused(finance.answer("ledger", after=changed))
    assert "none of ours" in refused(finance.answer("ledger", after=cursor[:-1]))


@pytest.mark.once
def test_something_else_that_we_signed_is_no_cursor(finance: Pulls, cursor: str) -> None:
    for held in ([1, "x"], "text", 5):
        foreign = signing.dumps(held, salt="something.else")
        assert "none of ours" in refused(finance.answer("ledger", after=foreign))


def test_a_cursor_is_good_for_its_own_export_and_filters(finance: Pulls, cursor: str) -> None:
    assert "another export" in refused(finance.answer("resolutions", after=cursor))
    assert "other filters" in refused(finance.answer("ledger", after=cursor, division="forno"))
    narrowed = finance.since("ledger", BEGINNING, division="forno")[1]
    for asked in ({}, {"division": "scm"}, {"division": "forno", "month": "2026-11"}):
        assert "other filters" in refused(finance.answer("ledger", after=narrowed, **asked))


@pytest.mark.once
def test_a_cursor_is_good_whatever_the_columns_and_the_format(finance: Pulls, cursor: str) -> None:
    for asked in ({"columns": "id"}, {"format": "xlsx"}, {"format": "jsonl", "columns": "at,id"}):
        answer = finance.answer("ledger", after=cursor, **asked)
        assert answer.status_code == 200


def test_a_cursor_is_good_for_its_own_divisions(
    finance: Pulls, cursor: str, forno: Cast, head_office: dict[str, Employee]
) -> None:
    _, secret = made(head_office["finance"], divisions=[forno.division])
    assert "other divisions" in refused(Pulls(secret).answer("ledger", after=cursor))
    _, all_of_them = made(head_office["finance"])
    assert Pulls(all_of_them).since("ledger", cursor)[0] == []


def test_a_cursor_is_good_for_its_own_database(
    finance: Pulls, cursor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = news.moment_of
    monkeypatch.setattr(
        "reports.exports.pull.moment_of",
        lambda own, table: news.Moment("elsewhere", there(own, table).mark),
    )
    assert "another database" in refused(finance.answer("ledger", after=cursor))


def test_a_cursor_lasts_longer_than_a_year(cursor: str, head_office: dict[str, Employee]) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=399)):
        assert Pulls(head_office["finance"]).since("ledger", cursor)[0] == []
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        answer = Pulls(head_office["finance"]).answer("ledger", after=cursor)
        assert "older than 400 days" in refused(answer)


def test_a_cursor_from_a_later_state_is_refused(
    finance: Pulls, cursor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was set back to yesterday's copy: what it says now is not what was pulled."""
    there = news.moment_of
    monkeypatch.setattr(
        "reports.exports.pull.moment_of",
        lambda own, table: news.Moment(there(own, table).database, 1),
    )
    assert "later state of the database" in refused(finance.answer("ledger", after=cursor))


def test_nothing_is_logged_of_what_was_refused(finance: Pulls, cursor: str) -> None:
    before = ExportRun.objects.count()
    refused(finance.answer("resolutions", after=cursor))
    assert ExportRun.objects.count() == before


@pytest.mark.postgres
def test_a_database_that_came_from_another_server_says_so(finance: Pulls, forno: Cast) -> None:
    """Its rows say transactions that this server has not come to yet."""
    Case.objects.create(
        division=forno.division,
        reason_code=forno.reasons["late"],
        channel="phone",
        opened_at=NOW,
        transaction_id=2**62,
    )
    told = assert_problem(finance.answer("cases", after=BEGINNING), 503, "restored")
    assert "manage.py migrate" in told["detail"]
    assert len(finance.ids("cases")) == 1, "all that is there can be pulled"
    assert connection.vendor == "postgresql"
