"""A manager gives back what could not be carried out, in the admin; it is marked everywhere."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import Budget
from employees.models import Employee
from resolutions.models import Case, CaseState, Resolution
from tests.admin.desk import Desk, address, said
from tests.cast import Cast
from tests.giving_back import LOST, gave_back
from tests.pages import words
from tests.putting_right import put_right, rows_written, so_many
from tests.queries import assert_queries


@pytest.fixture
def receipt(forno: Cast) -> dict[str, Any]:
    """A driver's case with a pizza and a reorder."""
    return put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))


@pytest.fixture
def desk(forno: Cast, receipt: dict[str, Any]) -> Desk:
    return Desk(forno.manager)


def pizza() -> Resolution:
    return Resolution.objects.get(remedy__code="free-pizza")


def reorder() -> Resolution:
    return Resolution.objects.get(remedy__code="reorder")


def way(resolution: Resolution) -> str:
    """Where a resolution is given back."""
    return reverse("admin:resolutions_resolution_give_back", args=[resolution.pk])


def send(client: Client, resolution: Resolution, **told: str) -> Any:
    fields = {"reason": LOST, "request_id": str(uuid4()), **told}
    return client.post(way(resolution), fields, follow=True)


@pytest.mark.once
def test_the_page_asks_why_and_says_where_the_money_goes(desk: Desk) -> None:
    assert way(pizza()) in desk.page(pizza()).content.decode()
    asked = words(desk.client.get(way(pizza())))
    assert "The money goes back to Driver1’s November 2026." in asked
    assert "Why could it not be carried out?" in asked
    assert "Give back $5.00" in asked


def test_a_manager_gives_it_back_with_a_reason(desk: Desk, forno: Cast) -> None:
    answer = send(desk.client, pizza())

    assert said(answer) == ["$5.00 went back to Driver1’s November 2026."]
    page = words(answer)
    assert f"Given back {LOST} Manager, " in page
    assert "$5.00 went back to Driver1’s November 2026." in page
    assert way(pizza()) not in answer.content.decode()
    back = pizza().give_back
    assert back is not None
    assert (back.actor, back.note) == (forno.manager, LOST)
    assert Budget.objects.get().spent == 4


def test_the_case_and_the_lists_mark_it(desk: Desk, receipt: dict[str, Any]) -> None:
    mark = '<span class="mark plain">Given back</span>'
    send(desk.client, pizza())
    case = Case.objects.get()
    for page in (desk.page(case), desk.client.get(address(Resolution, "changelist"))):
        assert page.content.decode().count(mark) == 1
    assert desk.list(Resolution, given_back="yes") == [pizza()]
    assert desk.list(Resolution, given_back="no") == [reorder()]
    assert len(desk.list(Resolution)) == 2
    cases = words(desk.client.get(address(Case, "changelist")))
    assert "$4.00" in cases
    assert "$9.00" not in cases
    send(desk.client, reorder())
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert desk.list(Case, state__exact="open") == [case]


@pytest.mark.once
@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"reason": "x" * 201}, {"request_id": "x"}],
)
def test_what_is_not_right_is_asked_again(desk: Desk, wrong: dict[str, str]) -> None:
    before = rows_written()
    answer = send(desk.client, pizza(), **wrong)
    assert answer.context["form"].errors
    assert rows_written() == before


@pytest.mark.once
def test_without_a_reason_it_asks_why_it_could_not_be_carried_out(desk: Desk) -> None:
    asked = words(send(desk.client, pizza(), reason=" "))

    assert "Write why it could not be carried out, in a line: whoever reads it later asks." in asked


def test_the_same_page_sent_twice_has_one_effect(desk: Desk) -> None:
    request_id = str(uuid4())
    send(desk.client, pizza(), request_id=request_id)
    before = rows_written()
    again = send(desk.client, pizza(), request_id=request_id)
    assert said(again) == ["$5.00 went back to Driver1’s November 2026."]
    other = send(desk.client, pizza(), request_id=request_id, reason="Another.")
    assert "already sent with other contents" in str(other.context["form"].non_field_errors())
    assert rows_written() == before


def test_what_was_given_back_already_says_so(desk: Desk, forno: Cast, receipt: Any) -> None:
    gave_back(forno.agent, receipt)
    before = rows_written()
    for answer in (desk.client.get(way(pizza()), follow=True), send(desk.client, pizza())):
        assert said(answer) == ["This money was given back already."]
        assert f"Given back {LOST} Driver1" in words(answer)
    assert rows_written() == before


@pytest.mark.once
@pytest.mark.parametrize("who", ["scm.manager", "admin", "finance", "forno.driver1", "forno.lead1"])
def test_others_have_no_way_there(
    desk: Desk, scm: Cast, forno: Cast, head_office: dict[str, Employee], who: str
) -> None:
    other = Desk({**forno.people, **scm.people, **head_office}[who])
    before = rows_written()
    assert other.client.get(way(pizza())).status_code in (302, 403, 404)
    answer = other.client.post(way(pizza()), {"reason": LOST, "request_id": str(uuid4())})
    assert answer.status_code in (302, 403, 404)
    assert rows_written() == before


def test_a_resolution_that_is_not_there_is_not_found(desk: Desk) -> None:
    for number in ("0", "x", "9" * 30):
        where = reverse("admin:resolutions_resolution_give_back", args=[number])
        assert desk.client.get(where).status_code == 404


@pytest.mark.parametrize("more", [0, 5])
def test_the_list_makes_as_many_queries_however_long(desk: Desk, forno: Cast, more: int) -> None:
    for _ in range(more):
        gave_back(forno.agent, put_right(forno.agent, so_many("reorder")))
    desk.client.get(address(Resolution, "changelist"))
    filters = ["select remedy", "select tier", "select team", "select reasoncode"]
    with assert_queries(
        [
            *("session", "select employee", "select permission"),
            *filters,  # what there is to filter by
            "select resolution",  # how many
            "select resolution",
            "select ledgerentry",  # what was given back
            *["select resolution"] * 2,  # the days that there are
        ]
    ):
        desk.client.get(address(Resolution, "changelist"))
