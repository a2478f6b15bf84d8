"""The desk: what is left this month, what was done lately, and what is to come."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine

from employees.models import Employee
from policies.models import ReasonCode, Remedy
from resolutions.conclude import close_without_remedy
from resolutions.models import Case
from resolutions.resolve import resolve_case
from tests.cast import Cast
from tests.pages import client_of, without_tier, words
from tests.putting_right import NOW, give_also, problem, put_right, so_many, so_much


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def desk(employee: Employee) -> str:
    return words(client_of(employee).get("/"))


def test_a_fresh_month_is_all_theirs(forno: Cast) -> None:
    said = desk(forno.agent)
    assert "Yours to use until 30 November $120.00 of $120.00" in said
    assert "None put right yet this month" in said
    assert "No cases yet." in said
    assert "A customer has a problem" in said


def test_what_was_given_is_gone_from_the_month_and_listed(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), so_many("reorder"), reason_code="wrong-order")
    said = desk(forno.agent)
    assert "$111.00 of $120.00" in said
    assert "1 put right this month $9.00 used" in said
    assert "Wrong order $9.00 Free pizza, Expedited reorder · today 10:00" in said


def test_times_are_those_of_where_they_work(scm: Cast) -> None:
    evening = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)  # past midnight in Sydney
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage", at=evening)
    assert "Bill credit · yesterday 00:30" in desk(scm.agent)


@pytest.mark.once
def test_a_used_up_month_says_what_is_still_possible(forno: Cast, scm: Cast) -> None:
    for _ in range(5):
        put_right(forno.agent, so_much("money-off", "24.00"))
    assert "All used of $120.00" in desk(forno.agent)
    assert "You can still listen, explain and apologise" in desk(forno.agent)
    assert "full again on 1 December" in desk(forno.agent)

    for amount in ("150.00", "70.00"):
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")
    assert "A$20.00 over of A$200.00" in desk(scm.agent)
    assert "up to A$30.00 more, if you think it right" in desk(scm.agent)


def test_only_ones_own_cases_are_listed(forno: Cast) -> None:
    put_right(forno.colleague, so_many("reorder"), reason_code="cold")
    assert "Cold food" not in desk(forno.agent)
    assert "Cold food" not in desk(forno.lead), "a lead's desk is about what they did themselves"


def test_a_case_that_one_helped_in_is_listed_too(forno: Cast) -> None:
    receipt = put_right(forno.colleague, so_many("reorder"), reason_code="cold")
    give_also(receipt, forno.agent, so_many("free-pizza"))
    assert "Cold food $9.00 Expedited reorder, Free pizza" in desk(forno.agent)


@pytest.mark.once
def test_open_and_explained_cases_say_so(forno: Cast) -> None:
    for reason in ("late", "cold"):
        resolve_case(
            problem(reason), gives=(), acting_employee=forno.agent, request_id=uuid4(), at=NOW
        )
    close_without_remedy(
        Case.objects.get(reason_code__code="cold"),
        said="The oven was cold.",
        acting_employee=forno.agent,
        request_id=uuid4(),
        at=NOW,
    )
    said = desk(forno.agent)
    assert "Late $0.00 Open · today 10:00" in said
    assert "Cold food $0.00 Explained · today 10:00" in said


def test_rules_that_start_soon_are_announced(forno: Cast) -> None:
    forno.rule("Vouchers once a month", starts_at=datetime(2026, 12, 1, 5, tzinfo=UTC), value="5")
    forno.rule(
        "For leads only",
        starts_at=datetime(2026, 12, 1, 5, tzinfo=UTC),
        value="5",
        tiers=["Shift lead"],
    )
    said = desk(forno.agent)
    assert "New rule from 1 December why? Vouchers once a month" in said
    assert "For leads only" not in said


def test_all_cases_are_listed_a_page_at_a_time(forno: Cast) -> None:
    for minute in range(27):
        put_right(forno.agent, reason_code="cold", at=NOW.replace(minute=minute))
    first = words(client_of(forno.agent).get("/cases/"))
    assert first.count("Cold food") == 25
    assert "1 of 2 Older" in first
    assert words(client_of(forno.agent).get("/cases/?page=2")).count("Cold food") == 2
    assert words(client_of(forno.agent).get("/cases/?page=nonsense")).count("Cold food") == 25


@pytest.mark.once
def test_people_without_authority_are_told_kindly(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    assert "You have no authority tier yet" in desk(without_tier(forno))
    assert client_of(head_office["finance"]).get("/")["Location"] == "/finance/"
    elsewhere = client_of(head_office["finance"]).get("/handbook/")
    assert "Your own pages are elsewhere. To your pages" in words(elsewhere)
    assert 'href="/finance/"' in elsewhere.content.decode()


@pytest.mark.once
@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_those_with_a_key_to_the_admin_are_led_there(
    forno: Cast, head_office: dict[str, Employee], who: str
) -> None:
    employee = forno.manager if who == "manager" else head_office["admin"]
    answer = client_of(employee).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_nobody_with_a_tier_meets_an_error_however_bare_their_division_is(forno: Cast) -> None:
    ReasonCode.objects.filter(division=forno.division).update(is_active=False)
    Remedy.objects.filter(division=forno.division).update(is_active=False)
    Employee.objects.filter(pk=forno.agent.pk).update(team=None)
    forno.refresh()
    client = client_of(forno.agent)
    for page in ("/", "/cases/", "/cases/new/", "/handbook/", "/month/", "/could-not/"):
        assert client.get(page).status_code == 200, page
    assert "Ask your manager to write down what can go wrong." in words(client.get("/cases/new/"))
