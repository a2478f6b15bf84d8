"""Applying new budgets now: from the list of tiers and a tier's page, after a look at it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from budgets.models import Budget
from budgets.months import open_month
from employees.models import AuthorityTier, Employee
from tests.admin.desk import Desk, address, said
from tests.cast import Cast
from tests.pages import words
from tests.putting_right import NOW


@pytest.fixture(autouse=True)
def _it_is_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(scm: Cast) -> Desk:
    """The manager, after a tier was raised from 200 to 260 with two of its months open."""
    for who in (scm.agent, scm.people["scm.rep3"]):
        open_month(who, at=NOW)
    AuthorityTier.objects.filter(pk=scm.tiers["Rep"].pk).update(monthly_budget=Decimal(260))
    return Desk(scm.manager)


def choose(desk: Desk, *tiers: AuthorityTier) -> Any:
    return desk.act("apply_now", *tiers)


def send(desk: Desk, opened: Any, reason: str = "Prices rose") -> Any:
    where = opened.wsgi_request.get_full_path()
    return desk.client.post(where, {"reason": reason}, follow=True)


def allotted() -> set[Decimal]:
    return set(Budget.objects.values_list("allotted", flat=True))


def test_what_would_be_raised_is_shown_and_then_raised(desk: Desk, scm: Cast) -> None:
    open_month(scm.lead, at=NOW)
    opened = choose(desk, scm.tiers["Rep"], scm.tiers["Team lead"])
    page = words(opened)
    for text in (
        "2 open months are raised. None is made smaller.",
        "2 A$200.00 A$260.00 A$50.00, then A$65.00",
        "Team lead 1 open month has that much already.",
    ):
        assert text in page
    assert allotted() == {200, 800}

    answer = send(desk, opened)

    assert said(answer) == ["Raised 2 months."]
    assert answer.wsgi_request.path == address(AuthorityTier, "changelist")
    assert allotted() == {260, 800}


def test_applied_once_more_all_months_have_it_already(desk: Desk, scm: Cast) -> None:
    opened = choose(desk, scm.tiers["Rep"])
    send(desk, opened)
    assert said(send(desk, opened)) == ["All months have it already."]
    page = words(choose(desk, scm.tiers["Rep"]))
    assert "All months have it already." in page
    assert "Why" not in page
    assert allotted() == {260}


@pytest.mark.parametrize("reason", ["  ", "x" * 201])
def test_a_reason_is_asked_for(desk: Desk, scm: Cast, reason: str) -> None:
    answer = send(desk, choose(desk, scm.tiers["Rep"]), reason)
    assert list(answer.context["form"].errors) == ["reason"]
    assert allotted() == {200}


def test_ones_own_tier_is_refused_kindly_and_the_others_can_go_on(desk: Desk, scm: Cast) -> None:
    Employee.objects.filter(pk=scm.manager.pk).update(tier=scm.tiers["Team lead"])
    desk = Desk(Employee.objects.with_authority().get(pk=scm.manager.pk))
    opened = choose(desk, scm.tiers["Rep"], scm.tiers["Team lead"])
    assert "Team lead is your own tier. Ask a colleague" in words(opened)
    assert "is your own tier" in words(send(desk, opened))
    assert allotted() == {200}

    send(desk, desk.client.get(opened.context["without"]))
    assert allotted() == {260}


def test_a_tiers_page_says_how_many_months_hold_less_and_leads_there(desk: Desk, scm: Cast) -> None:
    page = desk.page(scm.tiers["Rep"])
    assert "2 open months hold less than what this tier gives now." in words(page)
    where = f"{address(Budget, 'new_budgets')}?chosen={scm.tiers['Rep'].pk}"
    assert f'href="{where}"' in page.content.decode()
    send(desk, desk.client.get(where))
    assert "All 2 have what this tier gives now." in words(desk.page(scm.tiers["Rep"]))
    assert "No month of this tier is open now." in words(desk.page(scm.tiers["Team lead"]))


def test_a_tier_of_another_division_is_not_there(desk: Desk, forno: Cast) -> None:
    where = f"{address(Budget, 'new_budgets')}?chosen={forno.tiers['Driver'].pk}"
    assert desk.client.get(where).status_code == 404
    assert desk.client.post(where, {"reason": "x"}).status_code == 404


def test_administrators_neither_see_nor_do_it(
    desk: Desk, scm: Cast, head_office: dict[str, Employee]
) -> None:
    admin = Desk(head_office["admin"])
    tiers = admin.client.get(address(AuthorityTier, "changelist")).content.decode()
    assert "Apply new budgets" not in tiers
    assert "Months that are open" not in words(admin.page(scm.tiers["Rep"]))
    where = f"{address(Budget, 'new_budgets')}?chosen={scm.tiers['Rep'].pk}"
    assert admin.client.post(where, {"reason": "x"}).status_code == 403
    assert allotted() == {200}
