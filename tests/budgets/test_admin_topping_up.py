"""Topping up from the list and from a budget's page: once, all or none, and with a reason."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets import top_ups
from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from budgets.months import open_entitlements, open_month
from employees.models import Employee
from tests.admin.desk import Desk, address, said
from tests.cast import Cast
from tests.pages import value_of, words
from tests.putting_right import NOW

LAST_MONTH = datetime(2026, 10, 15, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


@pytest.fixture
def months(forno: Cast) -> list[Budget]:
    """The open months of three drivers, 120.00 each."""
    drivers = (forno.agent, forno.colleague, forno.people["forno.driver3"])
    return [open_month(driver, at=NOW) for driver in drivers]


def choose(desk: Desk, *budgets: Budget, **filters: str) -> Any:
    """Tick budgets in the list and choose to top them up; gives the page that asks how much."""
    data = {"action": "top_up", "_selected_action": [b.pk for b in budgets], "select_across": "0"}
    where = f"{address(Budget, 'changelist')}?{urlencode(filters)}"
    return desk.client.post(where, data, follow=True)


def send(desk: Desk, opened: Any, **typed: str) -> Any:
    """Send the page that asks how much, with this typed."""
    told = {"amount": "20", "reason": "A storm"} | typed
    hidden = {"request_id": value_of(opened, "request_id")}
    return desk.client.post(asked_at(opened), hidden | told, follow=True)


def asked_at(opened: Any) -> str:
    request = opened.wsgi_request
    return str(request.get_full_path())


def allotted() -> list[Decimal]:
    return list(Budget.objects.order_by("pk").values_list("allotted", flat=True))


def errors(answer: Any) -> dict[str, list[str]]:
    return {k: [str(e) for e in v] for k, v in answer.context["form"].errors.items()}


def test_chosen_months_are_topped_up_by_the_same_amount(
    desk: Desk, months: list[Budget], forno: Cast
) -> None:
    opened = choose(desk, *months)
    page = words(opened)
    for text in ("Top up 3 months", "For this month only.", "Driver2, November 2026", "$120.00"):
        assert text in page

    answer = send(desk, opened)

    assert said(answer) == ["Topped up 3 months by $20.00 each."]
    assert allotted() == [140, 140, 140]
    for entry in LedgerEntry.objects.filter(kind="top-up"):
        assert (entry.amount, entry.balance_after) == (20, 140)
        assert (entry.actor, entry.note, entry.at) == (forno.manager, "A storm", NOW)
    assert list(problems()) == []


@pytest.mark.once
def test_the_way_back_is_the_list_as_it_was_left(desk: Desk, months: list[Budget]) -> None:
    opened = choose(desk, months[0], use="untouched", q="driver1")
    answer = send(desk, opened)
    assert asked_at(answer) == "/admin/budgets/budget/?use=untouched&q=driver1"
    assert "Topped up Driver1, November 2026 by $20.00." in said(answer)


def test_a_double_tap_tops_up_once(desk: Desk, months: list[Budget]) -> None:
    opened = choose(desk, *months)
    first, second = send(desk, opened), send(desk, opened)
    assert said(first) == said(second) == ["Topped up 3 months by $20.00 each."]
    assert allotted() == [140, 140, 140]


def test_the_same_page_sent_with_other_contents_is_refused(
    desk: Desk, months: list[Budget]
) -> None:
    opened = choose(desk, *months)
    send(desk, opened)
    other = send(desk, opened, amount="25")
    assert errors(other) == {"__all__": ["This was sent already, with other contents. Start anew."]}

    # … and so is the same number with other months.
    fewer = choose(desk, months[0])
    hidden = {"request_id": value_of(opened, "request_id")}
    told = {"amount": "20", "reason": "A storm"}
    answer = desk.client.post(asked_at(fewer), hidden | told)
    assert "This was sent already" in words(answer)
    assert allotted() == [140, 140, 140]


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("amount", "", "Write how much"),
        ("amount", "0", "above zero"),
        ("amount", "-5", "above zero"),
        ("amount", "1e2", "Write an amount"),
        ("amount", "5.001", "decimal places"),
        ("amount", "1000000000", "must stay below"),
        ("reason", " ", "Write why"),
        ("reason", "x" * 201, "at most 200 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    desk: Desk, months: list[Budget], field: str, typed: str, error: str
) -> None:
    answer = send(desk, choose(desk, *months), **{field: typed})
    found = errors(answer)
    assert list(found) == [field]
    assert error in found[field][0]
    assert value_of(answer, "reason") == (typed if field == "reason" else "A storm")
    assert allotted() == [120, 120, 120]


@pytest.mark.once
@pytest.mark.parametrize("lost", ["", "x"])
def test_a_page_that_lost_its_number_is_refused(
    desk: Desk, months: list[Budget], lost: str
) -> None:
    answer = send(desk, choose(desk, months[0]), request_id=lost)
    assert "Open it once more." in words(answer)
    assert allotted() == [120, 120, 120]


def test_one_that_cannot_be_raised_so_far_keeps_all_as_they_were(
    desk: Desk, months: list[Budget], forno: Cast
) -> None:
    how: dict[str, Any] = {"actor": forno.manager, "request_id": uuid4(), "at": NOW}
    top_ups.top_up(months[1], amount=Decimal(999_999_000), reason="A slip", **how)
    before = allotted()
    answer = send(desk, choose(desk, *months), amount="900")
    assert list(errors(answer)) == ["amount"]
    assert errors(answer)["amount"][0].startswith("Driver2, November 2026: A budget must stay")
    assert allotted() == before


def test_a_month_that_is_over_is_named_and_the_others_can_go_on(
    desk: Desk, months: list[Budget], forno: Cast
) -> None:
    old = open_month(forno.agent, at=LAST_MONTH)
    opened = choose(desk, old, months[1], month="all")
    page = words(opened)
    assert "Driver1, October 2026 That month is over: top up this month instead." in page
    assert "Go on without it" in page
    sent = desk.client.post(
        asked_at(opened), {"amount": "20", "reason": "x", "request_id": str(uuid4())}
    )
    assert "That month is over" in words(sent)
    assert set(allotted()) == {120}

    answer = send(desk, desk.client.get(opened.context["without"]))
    assert asked_at(answer) == "/admin/budgets/budget/?month=all"
    assert Budget.objects.get(pk=months[1].pk).allotted == 140
    assert Budget.objects.get(pk=old.pk).allotted == 120


def test_a_month_that_ends_while_the_page_is_open_is_refused(
    desk: Desk, months: list[Budget]
) -> None:
    with time_machine.travel(datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC), tick=False):
        opened = choose(desk, *months)
    with time_machine.travel(datetime(2026, 12, 1, 5, 0, tzinfo=UTC), tick=False):
        desk = Desk(desk.employee)
        answer = send(desk, opened)
    assert "That month is over" in words(answer)
    assert allotted() == [120, 120, 120]


def test_nobody_tops_up_their_own_month(forno: Cast, months: list[Budget]) -> None:
    Employee.objects.filter(pk=forno.manager.pk).update(tier=forno.tiers["Driver"])
    manager = Employee.objects.with_authority().get(pk=forno.manager.pk)
    own = open_month(manager, at=NOW)
    desk = Desk(manager)

    assert "Manager, November 2026 This is your own month." in words(choose(desk, own, months[0]))
    assert "a colleague can top it up" in words(desk.page(own))
    assert ">Top up<" not in desk.page(own).content.decode()
    where = address(Budget, "top_up_one", own.pk)
    told = {"amount": "20", "reason": "x", "request_id": str(uuid4())}
    assert "This is your own month." in words(desk.client.post(where, told))
    assert set(allotted()) == {120}


@pytest.mark.once
def test_what_customers_are_owed_has_no_cap_to_raise(desk: Desk, forno: Cast) -> None:
    owed = open_entitlements(forno.division, month=NOW.date().replace(day=1), at=NOW)
    assert "no cap that could be raised" in words(choose(desk, owed))
    assert ">Top up<" not in desk.page(owed).content.decode()


def test_months_of_another_division_are_not_there(
    desk: Desk, months: list[Budget], scm: Cast
) -> None:
    theirs = open_month(scm.agent, at=NOW)
    where = f"{address(Budget, 'top_up')}?chosen={months[0].pk},{theirs.pk}"
    told = {"amount": "20", "reason": "x", "request_id": str(uuid4())}
    for answer in (
        desk.client.get(where),
        desk.client.post(where, told),
        desk.client.get(address(Budget, "top_up_one", theirs.pk)),
        desk.client.post(address(Budget, "top_up_one", theirs.pk), told),
    ):
        assert answer.status_code == 404
    assert allotted() == [120, 120, 120, 200]


@pytest.mark.parametrize("chosen", ["", "x", "1,", "-1", "9" * 30, "999999"])
def test_an_odd_choice_is_not_found(desk: Desk, months: list[Budget], chosen: str) -> None:
    where = address(Budget, "top_up")
    assert desk.client.get(where, {"chosen": chosen}).status_code == 404


@pytest.mark.once
def test_too_many_at_once_are_asked_to_be_fewer(
    desk: Desk, months: list[Budget], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("budgets.admin.chosen.MOST_CHOSEN", 2)
    monkeypatch.setattr("budgets.admin.budgets.MOST_CHOSEN", 2)
    assert said(choose(desk, *months)) == ["At most 2 budgets at once: choose fewer."]
    where = f"{address(Budget, 'top_up')}?chosen={','.join(str(b.pk) for b in months)}"
    assert desk.client.get(where).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("who", ["admin", "lead", "agent"])
def test_only_managers_come_here(
    forno: Cast, head_office: dict[str, Employee], months: list[Budget], who: str
) -> None:
    person = head_office["admin"] if who == "admin" else getattr(forno, who)
    where = address(Budget, "top_up_one", months[1].pk)
    assert Desk(person).client.get(where).status_code == 403


def test_a_budgets_page_leads_to_topping_it_up_and_back(desk: Desk, months: list[Budget]) -> None:
    page = desk.page(months[0]).content.decode()
    where = address(Budget, "top_up_one", months[0].pk)
    assert f'href="{where}">Top up</a>' in page
    answer = send(desk, desk.client.get(where), amount="$12.50")
    assert urlsplit(asked_at(answer)).path == address(Budget, "change", months[0].pk)
    assert said(answer) == ["Topped up Driver1, November 2026 by $12.50."]
    assert "Top-up $12.50 $132.50 Manager A storm" in words(answer)


def test_the_page_costs_the_same_queries_for_one_and_for_many(
    desk: Desk, months: list[Budget]
) -> None:
    def cost(*chosen: Budget) -> int:
        with CaptureQueriesContext(connection) as captured:
            where = f"{address(Budget, 'top_up')}?chosen={','.join(str(b.pk) for b in chosen)}"
            assert desk.client.get(where).status_code == 200
        return len(captured)

    assert cost(*months) == cost(months[0]) <= 5


def test_an_incidents_fund_is_topped_up_too(desk: Desk, months: list[Budget], forno: Cast) -> None:
    how: dict[str, Any] = {"actor": forno.manager, "request_id": uuid4(), "at": NOW}
    fund = top_ups.open_fund(forno.division, name="Blizzard", amount=Decimal(300), **how)
    opened = choose(desk, fund)
    assert "A fund keeps what is added until it is used." in words(opened)
    assert said(send(desk, opened)) == ["Topped up Blizzard, fund by $20.00."]
    mixed = send(desk, choose(desk, fund, months[0]))
    assert said(mixed) == ["Topped up 2 budgets by $20.00 each."]
    assert Budget.objects.get(pk=fund.pk).allotted == 340
    assert list(problems()) == []
