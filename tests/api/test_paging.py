"""Pages by cursor: every row once in every order, there and back, and no row counted off."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets import months
from budgets.models import Budget
from resolutions.models import Case
from tests.api.client import Api, assert_problem
from tests.cast import Cast
from tests.queries import plan_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def bring_cases(company: Cast, count: int, *, apart: timedelta) -> None:
    """Cases of the agent, of which every third is still open."""
    Case.objects.bulk_create(
        Case(
            division=company.division,
            team=company.agent.team,
            reason_code=company.reasons["late"],
            channel="phone",
            opened_by=company.agent,
            opened_at=NOON + i * apart,
            ended_at=None if i % 3 == 0 else NOON + (100 - i) * apart,
        )
        for i in range(count)
    )


def cursor_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]


def read(api: Api, path: str, query: dict[str, Any], way: str = "next") -> list[dict[str, Any]]:
    """Every page from the one asked for, following `next` or `previous`."""
    pages = []
    while True:
        pages.append(api.get(path, **query).json())
        if pages[-1][way] is None:
            return pages
        query = query | {"cursor": cursor_in(pages[-1][way])}


def numbers(pages: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for page in pages for row in page["results"]]


@pytest.mark.parametrize("apart", [timedelta(hours=1), timedelta(0)], ids=["apart", "at once"])
@pytest.mark.parametrize("order", ["-opened_at", "opened_at", "-ended_at", "ended_at"])
def test_every_case_comes_once_in_the_order_asked_for_there_and_back(
    forno: Cast, order: str, apart: timedelta
) -> None:
    bring_cases(forno, 23, apart=apart)
    name, sign = order.removeprefix("-"), "-" if order.startswith("-") else ""
    rows = Case.objects.filter(**{f"{name}__isnull": False}).order_by(order, f"{sign}id")
    expected = list(rows.values_list("pk", flat=True))
    api, query = Api(forno.agent), {"ordering": order, "page_size": 4}

    there = read(api, "cases/", query)
    assert numbers(there) == expected
    assert there[0]["previous"] is None
    back = read(api, "cases/", query | {"cursor": cursor_in(there[-1]["previous"])}, "previous")
    assert [page["results"] for page in reversed(back)] == [p["results"] for p in there[:-1]]
    assert (
        numbers(read(api, "cases/", query | {"cursor": cursor_in(back[-1]["next"])}))
        == (expected[4:])
    )


@pytest.mark.parametrize("order", ["id", "-id", "month", "-month"])
def test_budgets_come_in_the_order_asked_for(forno: Cast, order: str) -> None:
    for month in (9, 11, 10):
        for name in ("forno.driver1", "forno.driver2"):
            at = datetime(2026, month, 2, tzinfo=UTC)
            months.open_month(forno.people[name], at=at)
    sign = "-" if order.startswith("-") else ""
    expected = Budget.objects.order_by(*dict.fromkeys((order, f"{sign}id")))
    pages = read(Api(forno.manager), "budgets/", {"ordering": order, "page_size": 4})
    assert numbers(pages) == list(expected.values_list("pk", flat=True))


def test_budgets_by_month_are_those_that_have_one(forno: Cast) -> None:
    fund = Budget.objects.create(kind="fund", division=forno.division, name="Storm")
    month = months.open_entitlements(forno.division, month=date(2026, 11, 1))
    api = Api(forno.manager)
    assert numbers([api.get("budgets/", ordering="month").json()]) == [month.pk]
    assert numbers([api.get("budgets/", ordering="id").json()]) == [fund.pk, month.pk]


def test_rows_that_come_meanwhile_shift_no_page_in_either_way(forno: Cast) -> None:
    bring_cases(forno, 8, apart=timedelta(hours=1))
    api, query = Api(forno.agent), {"page_size": 3}
    first = api.get("cases/", **query).json()
    second = api.get("cases/", **query, cursor=cursor_in(first["next"])).json()
    bring_cases(forno, 5, apart=timedelta(days=9))

    back = api.get("cases/", **query, cursor=cursor_in(second["previous"])).json()
    assert back["results"] == first["results"]
    assert back["previous"] is not None  # those that came meanwhile


def test_an_order_that_there_is_not_is_refused_with_those_that_there_are(forno: Cast) -> None:
    for order in ("note", "-id", "opened_at,id", "--opened_at"):
        told = assert_problem(Api(forno.agent).get("cases/", ordering=order), 400, "invalid")
        assert told["errors"] == {
            "ordering": [
                "There is no such order here. There is: -opened_at, opened_at, -ended_at, ended_at."
            ]
        }


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("cases/", {"state": "open"}),
        ("cases/", {"ordering": "opened_at"}),
        ("cases/", {"opened_from": "2026-11-01"}),
        ("policies/", {}),
        ("budgets/", {}),
    ],
    ids=str,
)
def test_a_cursor_leads_nowhere_but_on_in_its_own_list(
    forno: Cast, path: str, other: dict[str, str]
) -> None:
    bring_cases(forno, 5, apart=timedelta(hours=1))
    api = Api(forno.manager)
    cursor = cursor_in(api.get("cases/", page_size=2).json()["next"])

    assert api.get("cases/", page_size=3, cursor=cursor).status_code == 200
    told = assert_problem(api.get(path, **other, cursor=cursor), 400, "invalid")
    assert told["errors"] == {
        "cursor": [
            (
                "This is no cursor of this list, in this order and with these filters. "
                "Begin again without one."
            )
        ]
    }


def test_a_cursor_that_was_changed_is_refused(forno: Cast) -> None:
    bring_cases(forno, 5, apart=timedelta(hours=1))
    api = Api(forno.agent)
    cursor = cursor_in(api.get("cases/", page_size=2).json()["next"])
    payload, _, signature = cursor.partition(".")
    for changed in (
        f"{payload[:-1]}.{signature}",
        f"{payload}.{signature[:-1]}",
        f"x{cursor}",
        payload,
        ".",
        "\x00",
        "é" * 50,
        "x" * 5000,
    ):
        told = assert_problem(api.get("cases/", cursor=changed), 400, "invalid")
        assert list(told["errors"]) == ["cursor"]


def test_no_row_is_counted_off_on_the_way_to_a_page(forno: Cast) -> None:
    """A page is sought by its whole position in an index, which is what makes the last as quick."""
    bring_cases(forno, 60, apart=timedelta(0))
    api = Api(forno.manager)
    cursor = cursor_in(read(api, "cases/", {"page_size": 7})[-2]["next"])
    with CaptureQueriesContext(connection) as made:
        assert api.get("cases/", page_size=7, cursor=cursor).status_code == 200
    (sql,) = [q["sql"] for q in made.captured_queries if "LIMIT 8" in q["sql"]]

    assert "OFFSET" not in sql
    plan = plan_of(sql)
    assert "cases_of_a_division" in plan or "cases_as_opened" in plan, plan
    # SQLite seeks the moment only, and passes over its rows in the index, not in the table.
    sought = "opened_at<?" if connection.vendor == "sqlite" else "(ROW(opened_at, id) < ROW("
    assert sought in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
