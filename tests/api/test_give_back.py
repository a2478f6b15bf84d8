"""What could not be carried out is given back over the API: who may, what it answers, once."""

from typing import Any
from uuid import uuid4

import pytest

from budgets.errors import InvalidMovement
from budgets.models import Budget
from config.api.problems import answer_exception
from employees.models import Employee
from resolutions.models import Resolution
from tests.api.client import Api, assert_problem, nothing_written
from tests.api.questions import wrong_order
from tests.cast import Cast
from tests.giving_back import LOST
from tests.queries import assert_queries

WHY = {"reason": LOST}


@pytest.fixture
def case(forno: Cast) -> dict[str, Any]:
    """A driver's case with two remedies, as the API answered it."""
    answer: dict[str, Any] = Api(forno.agent).post("cases/", wrong_order()).json()
    return answer


@pytest.fixture
def everyone(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> dict[str, Employee]:
    return forno.people | scm.people | head_office


def path(case: dict[str, Any], place: int = 0) -> str:
    """Where a remedy of the case is given back."""
    return f"cases/{case['id']}/resolutions/{case['resolutions'][place]['id']}/give-back/"


def test_it_answers_the_case_with_what_was_given_back(forno: Cast, case: dict[str, Any]) -> None:
    assert [given["given_back"] for given in case["resolutions"]] == [None, None]
    api = Api(forno.agent)

    answer = api.post(path(case), WHY)

    assert answer.status_code == 200
    told = answer.json()["resolutions"][0]["given_back"]
    assert set(told) == {"at", "by", "reason", "amount"}
    assert (told["by"], told["reason"], told["amount"]) == ("forno.driver1", LOST, "5.00")
    assert api.get(f"cases/{case['id']}/").json() == answer.json()
    assert api.get("cases/").json()["results"] == [answer.json()]
    assert Budget.objects.get().spent == 4


def test_a_case_in_which_nothing_stands_is_open_again(forno: Cast, case: dict[str, Any]) -> None:
    api = Api(forno.agent)
    assert api.post(path(case), WHY).json()["state"] == "put-right"
    answer = api.post(path(case, 1), WHY).json()
    assert (answer["state"], answer["ended_at"]) == ("open", None)


def test_finance_reads_that_it_was_given_back_and_not_why(
    forno: Cast, head_office: dict[str, Employee], case: dict[str, Any]
) -> None:
    Api(forno.agent).post(path(case), WHY)
    told = Api(head_office["finance"]).get(f"cases/{case['id']}/").json()
    back = told["resolutions"][0]["given_back"]
    assert (back["by"], back["reason"], back["amount"]) == ("forno.driver1", "", "5.00")


@pytest.mark.once
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("forno.driver1", 200),
        ("forno.driver2", 404),
        ("forno.driver3", 404),
        ("forno.lead1", 200),
        ("forno.manager", 200),  # without a tier
        ("scm.rep1", 404),
        ("scm.manager", 404),
        ("finance", 403),
        ("admin", 404),
    ],
)
def test_who_may(
    everyone: dict[str, Employee], case: dict[str, Any], who: str, status: int
) -> None:
    api = Api(everyone[who])
    if status == 200:
        assert api.post(path(case), WHY).status_code == 200
        return
    with nothing_written():
        answer = api.post(path(case), WHY)
    assert_problem(answer, status, {403: "forbidden", 404: "not-found"}[status])


def test_a_colleague_in_the_case_gives_back_only_what_is_theirs(
    forno: Cast, case: dict[str, Any]
) -> None:
    colleague = Api(forno.colleague)
    back = {"channel": "phone", "customer": "C-1001"}
    assert colleague.post(f"cases/{case['id']}/contacts/", back).status_code == 201
    with nothing_written():
        told = assert_problem(colleague.post(path(case), WHY), 403, "forbidden")
    assert "whoever gave it" in told["detail"]


def test_it_happens_once_however_often_it_arrives(forno: Cast, case: dict[str, Any]) -> None:
    api, key = Api(forno.agent), uuid4()
    first = api.post(path(case), WHY, key=key)
    with nothing_written():
        again = api.post(path(case), WHY, key=key)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        other = api.post(path(case), {"reason": "Another."}, key=key)
        assert_problem(other, 409, "idempotency-conflict")
        assert_problem(api.post(path(case, 1), WHY, key=key), 409, "idempotency-conflict")
        assert_problem(api.post(path(case, 1), WHY, key=None), 400, "invalid")
        assert_problem(api.post(path(case), WHY), 409, "given-back-already")


@pytest.mark.once
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"reason": "\ud800"}, "reason"),
        ({"reason": 5}, "reason"),
        ({"why": LOST}, "why"),
        ({"reason": LOST, "amount": "1.00"}, "amount"),
    ],
)
def test_what_is_not_right_is_named(
    forno: Cast, case: dict[str, Any], body: dict[str, Any], place: str
) -> None:
    with nothing_written():
        told = assert_problem(Api(forno.agent).post(path(case), body), 400, "invalid")
    assert place in told["errors"]


def test_a_remedy_of_another_case_is_not_there(forno: Cast, case: dict[str, Any]) -> None:
    api = Api(forno.agent)
    other = api.post("cases/", wrong_order()).json()
    with nothing_written():
        for wrong in (
            f"cases/{other['id']}/resolutions/{case['resolutions'][0]['id']}/give-back/",
            f"cases/{case['id']}/resolutions/999999999999999999999/give-back/",
            f"cases/{case['id']}/resolutions/0/give-back/",
        ):
            assert_problem(api.post(wrong, WHY), 404, "not-found")


def test_what_the_ledger_finds_wrong_is_named_by_field() -> None:
    answer = answer_exception(InvalidMovement({"reason": ["Write why."]}), {})
    assert answer is not None
    assert (answer.status_code, b'"reason": ["Write why."]' in answer.content) == (400, True)


def test_giving_back_makes_these_queries(forno: Cast, case: dict[str, Any]) -> None:
    api = Api(forno.agent)
    api.post(path(case), WHY)
    assert Resolution.objects.standing().count() == 1
    with assert_queries(
        [
            "select knox_authtoken",
            *("select case", "select resolution", "select ledgerentry"),  # is it theirs to see?
            "select submission",  # has this request been here before?
            "select case",  # locked
            "select ledgerentry",  # what colleagues lent for it
            "select budget",  # locked
            "select ledgerentry",  # was it given back?
            *("update budget", "insert ledgerentry"),
            "select review",  # the first one waits to be looked at already
            "select resolution",  # does anything stand?
            "update case",
            *("select resolution", "select ledgerentry"),  # all of them, for the answer
            "insert submission",
        ]
    ):
        assert api.post(path(case, 1), WHY).status_code == 200
