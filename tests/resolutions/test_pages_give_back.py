"""The case page: a remedy could not be carried out, and is given back from there."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from budgets.models import Budget
from resolutions.models import Case, CaseState
from tests.cast import Cast
from tests.giving_back import LOST, gave_back
from tests.incidents import storm
from tests.pages import client_of, words
from tests.putting_right import (
    KIM_LEE,
    NOW,
    give_also,
    put_right,
    rows_written,
    so_many,
    so_much,
)

COULD_NOT = "It could not be carried out"


@pytest.fixture
def driver(forno: Cast) -> Client:
    return client_of(forno.agent)


@pytest.fixture
def receipt(forno: Cast) -> dict[str, Any]:
    """A driver's case with a pizza and a reorder."""
    return put_right(forno.agent, so_many("free-pizza"), so_many("reorder"), customer=KIM_LEE)


def case_page(client: Client, receipt: dict[str, Any]) -> Any:
    return client.get(f"/cases/{receipt['id']}/")


def send(client: Client, receipt: dict[str, Any], place: int = 0, **told: str) -> Any:
    """Send the form at a remedy, with a reason unless told."""
    given = receipt["resolutions"][place]["id"]
    fields = {"reason": LOST, "request_id": str(uuid4()), **told}
    return client.post(f"/cases/{receipt['id']}/given/{given}/give-back/", fields)


@pytest.mark.once
@time_machine.travel(NOW)
def test_each_remedy_says_what_giving_it_back_does(driver: Client, receipt: dict[str, Any]) -> None:
    said = words(case_page(driver, receipt))
    assert said.count(COULD_NOT) == 2
    assert "Why could it not be carried out?" in said
    assert "$5.00 goes back to your month. It stays here with a mark. Give back $5.00" in said
    assert "Give back $4.00" in said


@time_machine.travel(NOW, tick=False)
def test_it_is_given_back_with_the_reason_and_told_in_the_story(
    driver: Client, forno: Cast, receipt: dict[str, Any]
) -> None:
    answer = send(driver, receipt)
    assert answer["Location"] == f"/cases/{receipt['id']}/"
    said = words(driver.get(answer["Location"]))
    assert f"Given back {LOST} by you, today 10:00" in said
    assert "Money back to your month +$5.00" in said
    assert "Put right Expedited reorder. $116.00 left this month." in said
    assert said.count(COULD_NOT) == 1
    assert Budget.objects.get().spent == 4
    leads = words(case_page(client_of(forno.lead), receipt))
    assert f"Given back {LOST} by Driver1, today 10:00" in leads
    assert "Money back to Driver1’s month +$5.00 by Driver1" in leads


def test_a_case_with_nothing_left_is_open_and_asks_nobody_how_it_went(
    driver: Client, receipt: dict[str, Any]
) -> None:
    assert "We ask them how it went" in words(case_page(driver, receipt))
    send(driver, receipt)
    send(driver, receipt, 1)
    said = words(case_page(driver, receipt))
    assert "Open Late." in said
    assert "Put it right" in said
    assert "Say it like this" not in said
    assert "We ask them how it went" not in said
    assert Case.objects.get().state == CaseState.OPEN


def test_lists_show_and_sum_what_stands(driver: Client, receipt: dict[str, Any]) -> None:
    send(driver, receipt)
    for path in ("/", "/cases/"):
        said = words(driver.get(path))
        assert "Expedited reorder" in said
        assert "$4.00" in said
        assert "Free pizza" not in said
    send(driver, receipt, 1)
    assert "1 case put right" not in words(driver.get("/"))
    assert "Late $0.00 Open" in words(driver.get("/cases/"))


@pytest.mark.once
@pytest.mark.parametrize(
    ("moment", "where"),
    [
        (datetime(2026, 12, 3, 15, tzinfo=UTC), "your November"),
        (datetime(2027, 2, 3, 15, tzinfo=UTC), "your November 2026"),
    ],
)
def test_the_month_that_it_returns_to_is_named(
    forno: Cast, receipt: dict[str, Any], moment: datetime, where: str
) -> None:
    with time_machine.travel(moment):
        driver = client_of(forno.agent)  # signed in then
        assert f"$5.00 goes back to {where}." in words(case_page(driver, receipt))
        send(driver, receipt)
        assert f"Money back to {where} +$5.00" in words(case_page(driver, receipt))


@pytest.mark.once
def test_the_fund_or_the_division_gets_back_what_it_paid(scm: Cast) -> None:
    storm(scm)
    scm.rule(effect="grant", value="50.00", remedies=["fee-waiver"], entitlement=True)
    receipt = put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")
    owed = give_also(receipt, scm.agent, so_much("fee-waiver", "10.00"))
    said = words(case_page(client_of(scm.agent), owed))
    assert "A$35.00 goes back to the fund of “Storm in Perth”." in said
    assert "A$10.00 goes back to the division." in said


@pytest.mark.once
def test_what_cost_nothing_is_marked_without_a_word_of_money(driver: Client, forno: Cast) -> None:
    remedy = forno.remedies["reorder"]
    remedy.cost_per_unit = 0
    remedy.save()
    forno.refresh()
    receipt = put_right(forno.agent, so_many("reorder"))
    said = words(case_page(driver, receipt))
    assert "It cost nothing, and stays here with a mark. Mark it as given back" in said
    send(driver, receipt)
    said = words(case_page(driver, receipt))
    assert f"Given back {LOST}" in said
    assert "Money back" not in said


@pytest.mark.once
def test_without_a_reason_the_form_comes_back_open(driver: Client, receipt: dict[str, Any]) -> None:
    before = rows_written()
    answer = send(driver, receipt, reason=" ")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert len(re.findall(r'<details class="back" open', page)) == 1
    assert len(re.findall("autofocus", page)) == 1
    assert "Write why it could not be carried out, in a line" in words(answer)
    assert rows_written() == before


def test_a_double_tap_gives_back_once(driver: Client, receipt: dict[str, Any]) -> None:
    request_id = str(uuid4())
    for _ in range(2):
        assert send(driver, receipt, request_id=request_id).status_code == 302
    answer = send(driver, receipt, request_id=request_id, reason="Another.")
    assert answer.status_code == 409
    assert "sent" in words(answer)
    assert Budget.objects.get().spent == 4


def test_what_a_colleague_gave_back_meanwhile_is_said_so(
    driver: Client, forno: Cast, receipt: dict[str, Any]
) -> None:
    gave_back(forno.lead, receipt)
    answer = send(driver, receipt)
    assert answer.status_code == 409
    assert "This money was given back already." in words(answer)
    assert f"Given back {LOST} by Lead1" in words(answer)


@pytest.mark.once
def test_a_colleague_in_the_case_sees_no_way_to_give_it_back(
    driver: Client, forno: Cast, receipt: dict[str, Any]
) -> None:
    give_also(receipt, forno.colleague, so_much("money-off", "1.00"))
    colleague = client_of(forno.colleague)
    assert words(case_page(colleague, receipt)).count(COULD_NOT) == 1
    before = rows_written()
    answer = send(colleague, receipt)
    assert answer.status_code == 403
    assert "Only whoever gave it" in words(answer)
    assert rows_written() == before
    assert words(case_page(client_of(forno.lead), receipt)).count(COULD_NOT) == 3


def test_a_foreign_case_or_remedy_is_not_there(
    forno: Cast, scm: Cast, driver: Client, receipt: dict[str, Any]
) -> None:
    other = put_right(forno.agent, so_many("reorder"))
    before = rows_written()
    for stranger in (forno.colleague, scm.agent, scm.lead):
        assert send(client_of(stranger), receipt).status_code == 404
    mixed = {"id": other["id"], "resolutions": receipt["resolutions"]}
    assert send(driver, mixed).status_code == 404
    given = receipt["resolutions"][0]["id"]
    assert driver.get(f"/cases/{receipt['id']}/given/{given}/give-back/").status_code == 405
    assert rows_written() == before
