"""A mass incident over the API: told with what can be given, charged to, or told apart."""

from decimal import Decimal
from typing import Any

import pytest

from budgets.models import Budget
from resolutions.models import Incident
from tests.api.client import Api, assert_problem
from tests.cast import Cast
from tests.incidents import storm

OUTAGE = {"reason_code": "outage", "channel": "phone"}
CREDIT = {"gives": [{"remedy": "bill-credit", "amount": "35.00"}]}


@pytest.fixture
def incident(scm: Cast) -> Incident:
    return storm(scm, "50.00")


@pytest.fixture
def api(scm: Cast) -> Api:
    return Api(scm.agent)


def spent(kind: str) -> Any:
    return Budget.objects.get(kind=kind).spent


def test_who_asks_is_told_of_it_and_who_pays(api: Api, incident: Incident) -> None:
    told = api.post("authority/", {**OUTAGE, **CREDIT}).json()["incident"]

    assert told == {
        "id": incident.pk,
        "name": "Storm in Perth",
        "left": "50.00",
        "pays": True,
        "rationale": "The tower is down.",
        "customer_wording": "We know, and we are on it.",
    }


def test_another_reason_is_none_of_it(api: Api, incident: Incident) -> None:
    question = {"reason_code": "slow-data", "channel": "phone"}

    assert api.post("authority/", question).json()["incident"] is None


def test_a_case_of_it_is_paid_by_its_fund(api: Api, incident: Incident) -> None:
    receipt = api.post("cases/", {**OUTAGE, **CREDIT}).json()

    assert receipt["incident"] == {"id": incident.pk, "name": "Storm in Perth"}
    assert receipt["budget"]["left"] == "200.00"
    assert receipt["resolutions"][0]["charged_to"] == "fund"
    assert (spent("fund"), spent("month")) == (Decimal("35.00"), 0)
    assert api.get(f"cases/{receipt['id']}/").json()["incident"]["id"] == incident.pk


def test_told_apart_it_is_paid_by_the_month(api: Api, incident: Incident) -> None:
    told = {**OUTAGE, **CREDIT, "apart_from_incident": True}

    assert api.post("authority/", told).json()["incident"]["pays"] is False
    receipt = api.post("cases/", told).json()

    assert receipt["incident"] is None
    assert (spent("fund"), spent("month")) == (0, Decimal("35.00"))


def test_more_in_it_can_be_told_apart(api: Api, incident: Incident) -> None:
    case = api.post("cases/", {**OUTAGE, **CREDIT}).json()["id"]
    more = {"gives": [{"remedy": "bill-credit", "amount": "5.00"}], "apart_from_incident": True}

    receipt = api.post(f"cases/{case}/resolutions/", more).json()

    assert receipt["budget"]["left"] == "195.00"
    assert receipt["incident"]["id"] == incident.pk  # it has paid for what was given first
    assert spent("fund") == Decimal("35.00")


def test_a_fund_that_does_not_hold_it_leaves_it_to_the_month(api: Api, incident: Incident) -> None:
    told = {**OUTAGE, "gives": [{"remedy": "bill-credit", "amount": "60.00"}]}

    assert api.post("authority/", told).json()["incident"]["pays"] is False
    assert api.post("cases/", told).status_code == 201

    assert (spent("fund"), spent("month")) == (0, Decimal("60.00"))


@pytest.mark.parametrize("said", ["yes", 1, None, []])
def test_apart_is_true_or_false(api: Api, incident: Incident, said: Any) -> None:
    answer = api.post("cases/", {**OUTAGE, "apart_from_incident": said})

    assert "apart_from_incident" in assert_problem(answer, 400, "invalid")["errors"]
