"""A mass incident on the agents’ pages: offered with its reason, paid by its fund, or apart."""

from decimal import Decimal

import pytest
from django.test import Client

from budgets.models import Budget
from resolutions.models import Case, Incident
from tests.cast import Cast
from tests.incidents import storm
from tests.pages import client_of, see_options, send_case, ticks, words
from tests.putting_right import put_right, so_much

OUTAGE = {"reason_code": "outage", "channel": "phone"}


@pytest.fixture
def incident(scm: Cast) -> Incident:
    return storm(scm, "400.00")


@pytest.fixture
def rep(scm: Cast) -> Client:
    return client_of(scm.agent)


def fund() -> Budget:
    return Budget.objects.get(kind="fund")


def test_the_desk_says_that_it_runs_and_what_is_left(rep: Client, incident: Incident) -> None:
    said = words(rep.get("/"))

    assert "Storm in Perth A$400.00 left" in said
    assert "What you give for “Outage” comes from its fund." in said


def test_a_case_that_looks_like_it_is_offered_its_fund(rep: Client, incident: Incident) -> None:
    said = words(see_options(rep, **OUTAGE, **ticks(bill_credit="35.00")))

    assert "Storm in Perth A$400.00 left in its fund." in said
    assert "The tower is down. “We know, and we are on it.”" in said
    assert "Paid by the fund of “Storm in Perth”; your month stays whole" in said
    assert "A$200.00 left" in said


def test_another_reason_says_nothing_of_it(rep: Client, incident: Incident) -> None:
    assert "Storm in Perth" not in words(see_options(rep, reason_code="slow-data"))


def test_given_it_is_paid_by_the_fund(rep: Client, incident: Incident) -> None:
    answer = send_case(rep, **OUTAGE, **ticks(bill_credit="35.00"))

    assert answer.status_code == 302
    assert fund().spent == Decimal("35.00")
    said = words(rep.get(answer.url))
    assert "A$200.00 left this month" in said
    assert "Part of Storm in Perth" in said
    assert "within your authority, paid by the fund of “Storm in Perth”" in said


def test_told_apart_it_is_paid_by_the_month(rep: Client, incident: Incident) -> None:
    told = {**OUTAGE, "apart_from_incident": "on", **ticks(bill_credit="35.00")}

    asked = words(see_options(rep, **told))
    answer = send_case(rep, **told)

    assert "What you give comes out of your month." in asked
    assert "A$165.00 left this month afterwards" in asked
    assert fund().spent == 0
    assert Case.objects.get().incident is None
    assert "A$165.00 left this month" in words(rep.get(answer.url))


def test_an_empty_fund_says_that_the_month_pays(rep: Client, scm: Cast, incident: Incident) -> None:
    for _ in range(4):
        put_right(scm.colleague, so_much("bill-credit", "100.00"), reason_code="outage")

    said = words(see_options(rep, **OUTAGE, **ticks(bill_credit="35.00")))

    assert "Its fund is used up. What you give comes out of your month, as ever." in said
    assert "A$165.00 left this month afterwards" in said
    assert "Fund used up" in words(rep.get("/"))


def test_more_in_a_case_of_it_is_offered_its_fund(
    rep: Client, scm: Cast, incident: Incident
) -> None:
    case = put_right(scm.agent, so_much("bill-credit", "10.00"), reason_code="outage")["id"]

    said = words(rep.get(f"/cases/{case}/give/"))

    assert "Storm in Perth A$390.00 left in its fund." in said


def test_a_colleague_reads_the_funds_name_as_it_is(scm: Cast) -> None:
    storm(scm, name="Storm cut your cable")
    receipt = put_right(scm.agent, so_much("bill-credit", "5.00"), reason_code="outage")

    said = words(client_of(scm.lead).get(f"/cases/{receipt['id']}/"))

    assert "within their authority, paid by the fund of “Storm cut your cable”" in said


def test_more_in_a_case_told_apart_begins_with_the_tick(
    rep: Client, scm: Cast, incident: Incident
) -> None:
    case = put_right(scm.agent, reason_code="outage", apart_from_incident=True)["id"]

    said = rep.get(f"/cases/{case}/give/")

    assert "What you give comes out of your month." in words(said)
    assert 'name="apart_from_incident" checked' in said.content.decode()
