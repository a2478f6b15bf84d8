"""The list of budgets and a budget's page: the month at first sight, and where its money went."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from budgets import ledger, top_ups
from budgets.admin.columns import used_percent
from budgets.models import Budget
from budgets.months import open_month
from budgets.open_many import open_months
from employees.models import Employee
from tests.admin.desk import Desk, address
from tests.cast import Cast
from tests.pages import words
from tests.putting_right import NOW, put_right, so_many, so_much
from tests.queries import assert_queries

LAST_MONTH = datetime(2026, 10, 15, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(forno: Cast, scm: Cast) -> Desk:
    """Forno's manager; both companies have spent something."""
    put_right(forno.agent, so_much("money-off", "24.00"), order_value="30")
    put_right(forno.colleague, so_many("free-pizza"))
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")
    return Desk(forno.manager)


def spend(employee: Employee, cost: str, at: datetime = NOW) -> Budget:
    """Use so much of someone's month."""
    month = open_month(employee, at=at)
    ledger.spend(month, cost=Decimal(cost), actor=employee, request_id=uuid4(), at=at)
    return month


def people(desk: Desk, **asked: str) -> list[str]:
    """Whose budgets the list shows, in its order."""
    return [str(b.employee or b.name or b.division) for b in desk.list(Budget, **asked)]


def page_of(desk: Desk, **asked: str) -> Any:
    return desk.client.get(address(Budget, "changelist"), asked)


def test_each_month_shows_how_much_of_it_is_used(desk: Desk) -> None:
    page = page_of(desk).content.decode()
    for text in ("Driver1", "November 2026", "$120.00", "$24.00", "$96.00", "20 %", "4 %"):
        assert text in page
    assert "A$" not in page


def test_what_customers_are_owed_is_summed_from_the_ledger(forno: Cast) -> None:
    forno.rule(
        "Late: pizza is owed",
        effect="grant",
        measure="quantity",
        value="1",
        remedies=["free-pizza"],
        entitlement=True,
    )
    put_right(forno.agent, so_many("free-pizza"))
    page = page_of(Desk(forno.manager)).content.decode()
    assert "Forno, owed to customers" in page
    assert "$5.00" in page


def test_the_list_begins_with_this_month(desk: Desk, forno: Cast) -> None:
    spend(forno.people["forno.driver3"], "1.00", at=LAST_MONTH)
    spend(forno.agent, "1.00", at=datetime(2026, 3, 3, 15, tzinfo=UTC))

    assert people(desk) == ["forno.driver1", "forno.driver2"]
    assert people(desk, month="last") == ["forno.driver3"]
    assert people(desk, month="2026-10") == ["forno.driver3"]
    assert people(desk, month="2026-03") == ["forno.driver1"]
    assert people(desk, month="2025-03") == []
    assert len(people(desk, month="all")) == 4
    for nonsense in ("2026-13", "x", "2026-11-05", ""):
        assert people(desk, month=nonsense) == ["forno.driver1", "forno.driver2"]
    assert "Earlier: March 2026" in words(page_of(desk, month="2026-03"))
    assert people(desk, q="driver1", month="all") == ["forno.driver1"] * 2


def test_on_the_first_each_sees_the_month_where_they_work(scm: Cast) -> None:
    """In Sydney it is December already; in Perth November lasts three hours more."""
    first = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
    open_months(at=NOW)
    open_months(at=first)
    desk = Desk(scm.manager)

    with time_machine.travel(first, tick=False):
        shown = {(str(b.employee), b.month) for b in desk.list(Budget)}
        last = {(str(b.employee), b.month) for b in desk.list(Budget, month="last")}
        counted = words(page_of(desk))

    november, december = date(2026, 11, 1), date(2026, 12, 1)
    assert shown == {
        ("scm.rep1", december),
        ("scm.rep2", december),
        ("scm.lead1", december),
        ("scm.rep3", november),
    }
    assert last == {(who, november) for who in ("scm.rep1", "scm.rep2", "scm.lead1")}
    assert "4 people this month" in counted


def test_a_fund_stands_with_this_month_as_it_has_none(desk: Desk, forno: Cast) -> None:
    fund(forno)
    assert people(desk)[-1] == "Blizzard"
    assert people(desk, kind__exact="fund") == ["Blizzard"]
    assert "Blizzard" not in people(desk, month="last")


def test_months_are_filtered_by_use(desk: Desk, forno: Cast, scm: Cast) -> None:
    near, idle = forno.people["forno.driver3"], forno.manager
    forno.manager.tier = forno.tiers["Driver"]
    open_month(idle, at=NOW)
    spend(near, "96.00")
    spend(forno.lead, "400.00")
    spend(scm.agent, "200.00")
    expected = {
        "untouched": {idle},
        "left": {forno.agent, forno.colleague, near, idle},
        "near": {near, forno.lead},
        "used-up": {forno.lead},
        "over": set(),
    }
    for use, theirs in expected.items():
        assert {b.employee for b in desk.list(Budget, use=use)} == theirs, use
    over = Desk(scm.manager)
    assert [b.employee for b in over.list(Budget, use="over")] == [scm.agent]
    assert "117 % gone over" in words(page_of(over, use="over"))
    assert "80 % near the end" in words(page_of(desk, use="near"))
    assert "100 % used up" in words(page_of(desk, use="used-up"))


def test_near_begins_at_eighty_percent_to_the_cent(forno: Cast) -> None:
    spend(forno.agent, "95.99")
    spend(forno.colleague, "96.00")
    assert people(Desk(forno.manager), use="near") == ["forno.driver2"]


def test_the_month_is_summed_up_in_a_sentence(desk: Desk, forno: Cast, scm: Cast) -> None:
    spend(forno.people["forno.driver3"], "100.00")
    spend(forno.lead, "12.00")
    spend(forno.lead, "350.00", at=LAST_MONTH)
    fund(forno)
    spend(scm.agent, "200.00")

    sentence = "people this month: 1 near the end of their budget (80 % or more), 0 gone over"
    assert f"4 {sentence}" in words(page_of(desk))
    assert f"4 {sentence}" in words(page_of(desk, use="over"))
    queens = str(forno.teams["Queens"].pk)
    assert "1 person this month: 1 near" in words(page_of(desk, employee__team__id__exact=queens))
    assert "1 person last month: 1 near" in words(page_of(desk, month="last"))
    assert "1 person in October 2026: 1 near" in words(page_of(desk, month="2026-10"))
    assert "near the end of their" not in words(page_of(desk, month="all"))
    theirs = words(page_of(Desk(scm.manager)))
    assert (
        "1 person this month: 0 near the end of their budget (80 % or more), 1 gone over" in theirs
    )


def test_months_sort_by_the_share_that_is_used(desk: Desk, forno: Cast) -> None:
    """20 %, 4 % and 5 %: by amount the lead would be first."""
    spend(forno.lead, "20.00")
    fund(forno)
    used = str(columns(desk).index("used"))
    assert people(desk, o=f"-{used}") == [
        "forno.driver1", "forno.lead1", "forno.driver2", "Blizzard",
    ]  # fmt: skip
    assert people(desk, o=used)[0] == "Blizzard"


def test_months_are_filtered_by_team_tier_and_kind(desk: Desk, forno: Cast) -> None:
    spend(forno.people["forno.driver3"], "1.00")
    spend(forno.lead, "1.00")
    queens, lead = forno.teams["Queens"].pk, forno.tiers["Shift lead"].pk
    assert people(desk, employee__team__id__exact=str(queens)) == ["forno.driver3"]
    assert people(desk, employee__tier__id__exact=str(lead)) == ["forno.lead1"]
    assert people(desk, kind__exact="entitlements") == []


@pytest.mark.once
def test_an_empty_month_says_when_months_open(forno: Cast) -> None:
    assert "No month is open yet." in words(page_of(Desk(forno.manager)))
    assert "Nothing here fits" in words(page_of(Desk(forno.manager), use="over"))


LIST_QUERIES = [
    "select django_session",
    "select employees_employee",
    "select auth_permission",
    "select employees_team",  # the time zones
    "select employees_team",  # the teams to choose from
    "select employees_authoritytier",
    "select budgets_budget",  # how many
    "select budgets_budget",  # the figures
    "select budgets_ledgerentry",  # the rows, with what moved
]


@pytest.mark.parametrize("several", [2, 30])
def test_the_list_costs_the_same_queries_for_two_and_for_thirty(forno: Cast, several: int) -> None:
    for n in range(several):
        person = Employee.objects.create_user(
            f"forno.more{n}",
            role="agent",
            division=forno.division,
            team=forno.teams["Queens"],
            tier=forno.tiers["Driver"],
        )
        spend(person, "100.00")
    desk = Desk(forno.manager)
    page_of(desk)
    with assert_queries(LIST_QUERIES):
        page_of(desk)


def test_a_budgets_page_says_where_its_money_came_from_and_went(scm: Cast) -> None:
    month = spend(scm.agent, "60.00")
    taken = month.entries.get(kind="spend")
    how: dict[str, Any] = {"actor": scm.manager, "request_id": uuid4(), "at": NOW}
    top_ups.top_up(month, amount=Decimal("30.00"), reason="Storm in Sydney", **how)
    theirs = spend(scm.colleague, "10.00").entries.get(kind="spend")
    ledger.lend(
        month, amount=Decimal("12.00"), towards=theirs, actor=scm.agent, request_id=uuid4(), at=NOW
    )
    ledger.give_back(taken, reason="Never arrived", **how)
    month.refresh_from_db()

    page = words(Desk(scm.manager).page(month))

    for text in (
        "Rep1, November 2026",
        "Monthly budget A$200.00",
        "Topped up A$30.00",
        "Set aside A$230.00",
        "May be gone over by A$50.00",
        "Given to customers A$60.00",
        "Lent to colleagues A$12.00",
        "Given back A$60.00",
        "Used A$12.00",
        "Left A$218.00",
        "Top-up A$30.00 A$170.00 Manager Storm in Sydney",
        "Give-back A$60.00 A$218.00 Manager Never arrived",
        "Allotment A$200.00 A$200.00 By itself November 2026",
        "Money is never edited.",
    ):
        assert text in page, text
    assert "_save" not in page


def test_a_funds_page_says_what_it_was_opened_with(desk: Desk, forno: Cast) -> None:
    blizzard = fund(forno)
    how: dict[str, Any] = {"actor": forno.manager, "request_id": uuid4(), "at": NOW}
    top_ups.top_up(blizzard, amount=Decimal("50.00"), reason="Still snowing", **how)
    page = words(desk.page(blizzard))
    for text in ("Blizzard, fund", "At first $300.00", "Topped up $50.00", "Set aside $350.00"):
        assert text in page, text


@pytest.mark.parametrize(
    ("spent", "allotted", "percent"),
    [
        *(("0", "0", 0), ("1", "0", 100), ("30", "120", 25), ("150", "120", 125), ("1", "3", 33)),
        ("119.99", "120", 99),
    ],
)
def test_the_share_used_is_in_whole_percent(spent: str, allotted: str, percent: int) -> None:
    budget = Budget(month=date(2026, 11, 1), spent=Decimal(spent), allotted=Decimal(allotted))
    assert used_percent(budget) == percent


def fund(forno: Cast) -> Budget:
    """A fund of 300.00 with nothing taken from it."""
    return top_ups.open_fund(
        forno.division,
        name="Blizzard",
        amount=Decimal("300.00"),
        actor=forno.manager,
        request_id=uuid4(),
        at=NOW,
    )


def columns(desk: Desk) -> list[str]:
    """The list's columns, as they are numbered in an address."""
    return list(page_of(desk).context["cl"].list_display)
