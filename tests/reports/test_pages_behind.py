"""The page of what a figure counts: to whom it is shown, and the ways on from it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from budgets.models import Budget
from employees.models import Employee
from resolutions.models import Case
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.closing import finance_of, gave
from tests.gaps import refuse
from tests.pages import client_of, words
from tests.putting_right import put_right, so_much
from tests.queries import assert_queries
from tests.raw_sql import guards_down

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
DAYS = {"period": "days", "day_from": "2026-10-01", "day_to": "2026-11-21"}
LATE_IN_OCTOBER = datetime(2026, 10, 31, 23, tzinfo=UTC)
WHATS = [
    *("cost", "satisfaction", "first-contact", "came-again", "approvals", "over-budget"),
    *("handed-over", "time", "second-failures", "cases", "gaps"),
]


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def behind(person: Employee, what: str, **asked: Any) -> Any:
    answer = client_of(person).get(f"/reports/behind/{what}/", {**DAYS, **asked})
    assert answer.status_code == 200, what
    return answer


def links(answer: Any) -> set[str]:
    return set(re.findall(r'href="(/admin/[a-z]+/[^"]+)"', answer.content.decode()))


def test_days_end_where_the_team_works(forno: Cast) -> None:
    """At 23:00 in UTC, October is not over in Brooklyn; on the first at noon it is."""
    counted = Case.objects.get(pk=gave(forno.agent, "5.00", LATE_IN_OCTOBER)["id"])
    gave(forno.agent, "5.00", datetime(2026, 11, 1, 12, tzinfo=UTC))
    for person in (forno.manager, finance_of(forno)):
        told = words(behind(person, "cases", period="last-month"))
        assert f"Cases: October 2026 Forno. All that ended. {counted.number} Put right" in told
        assert told.count("31 October 2026") == 1
        assert "November" not in told


def test_a_manager_goes_on_to_the_admin_and_finance_stays(forno: Cast) -> None:
    case = gave(forno.agent, "5.00", LATE_IN_OCTOBER)["id"]
    gap = refuse(forno.agent, so_much("voucher", "200.00"), at=LATE_IN_OCTOBER)
    assert links(behind(forno.manager, "cases")) == {f"/admin/resolutions/case/{case}/change/"}
    assert links(behind(forno.manager, "gaps")) == {
        f"/admin/resolutions/authoritygap/{gap.pk}/change/"
    }
    (entry,) = links(behind(forno.manager, "cost"))
    assert entry.startswith("/admin/budgets/ledgerentry/")
    for where in (entry, *links(behind(forno.manager, "cases"))):
        assert client_of(forno.manager).get(where).status_code == 200
    for what in WHATS:
        assert links(behind(finance_of(forno), what)) == set()


@pytest.mark.once
def test_customers_are_there_by_their_reference_only(forno: Cast) -> None:
    kim = CustomerDetails("C-77", "Kim Lee", "kim@example.com")
    put_right(forno.agent, so_much("voucher", "5.00"), at=LATE_IN_OCTOBER, customer=kim)
    told = words(behind(finance_of(forno), "first-contact"))
    assert "C-77" in told
    assert "Kim" not in told


def test_months_that_went_over_are_told_by_name_and_not_ranked(forno: Cast) -> None:
    people = [forno.people[name] for name in ("forno.driver3", "forno.driver1", "forno.driver2")]
    with guards_down("budgets_budget"):
        for person, spent in zip(people, (121, 140, 120), strict=True):
            month = {"kind": "month", "month": date(2026, 10, 1), "employee": person}
            Budget.objects.create(
                **month, division=forno.division, allotted=120, spent=spent, grace=24
            )
    rows = behind(finance_of(forno), "over-budget", period="last-month").context["rows"]
    assert [(row.name, row.figure) for row, _ in rows] == [
        (people[1].called, "$20.00"),
        (people[0].called, "$1.00"),
    ]


@pytest.mark.once
def test_it_says_what_it_is_narrowed_to_and_leads_back_and_on(forno: Cast) -> None:
    asked = {"period": "last-month", "team": str(forno.agent.team_id), "channel": "phone"}
    answer = behind(forno.manager, "first-contact", **asked)
    assert "Solved at first contact: October 2026 Forno · Brooklyn · Phone. Put" in words(answer)
    assert "Nothing of it is there." in words(answer)
    page = answer.content.decode().replace("&amp;", "&")
    of_team = f"team={forno.agent.team_id}&channel=phone"
    assert 'href="/reports/?period=last-month&day_from=2026-10-01' in page
    assert re.search(rf'href="/reports/behind/came-again/\?[^"]*{of_team}"', page)


@pytest.mark.once
def test_many_are_told_page_by_page_with_the_same_queries(forno: Cast) -> None:
    same = {"division": forno.division, "reason_code": forno.reasons["late"], "channel": "phone"}
    ended = {"state": "put-right", "opened_at": LATE_IN_OCTOBER, "ended_at": LATE_IN_OCTOBER}
    Case.objects.bulk_create([Case(**same, **ended) for _ in range(51)])
    client = client_of(forno.manager)
    frame = ["session", "select employee", "select division"]
    names = ["select team", "select tier", "select remedy", "select reasoncode"]
    with assert_queries([*frame, *names, "select team", "select case"]):
        first = client.get("/reports/behind/cases/", DAYS)
    assert first.content.decode().count("/admin/resolutions/case/") == 50
    assert " Older " in words(first)
    second = words(behind(forno.manager, "cases", page="2"))
    assert second.count("Put right") == 1
    assert " Newer " in second
    for page in ("0", "x", "9" * 30):
        assert behind(forno.manager, "cases", page=page)


@pytest.mark.once
def test_what_is_no_figure_or_not_theirs_is_not_there(forno: Cast, scm: Cast) -> None:
    for person in (forno.manager, finance_of(forno)):
        for address in (
            *("people/", "cost/?division=scm", "cost/?period=soon", "cost/?team=x"),
            *("gaps/?rule=x", "gaps/?bound=x", "gaps/?bound=%00"),
        ):
            assert client_of(person).get(f"/reports/behind/{address}").status_code == 404, address
    assert client_of(finance_of()).get("/reports/behind/cost/").status_code == 404, "of which?"
    assert client_of(forno.agent).get("/reports/behind/cost/").status_code == 403
