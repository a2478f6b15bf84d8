"""Who sees which cases and rules over the API, and who may act."""

from typing import Any

import pytest

from employees.models import Employee
from tests.api.client import Api, assert_problem, nothing_written
from tests.api.questions import money_off, wrong_order
from tests.api.test_steps import STEPS
from tests.cast import Cast

SEES = {
    "forno.driver1": {"F driver1"},
    "forno.driver2": {"F driver2"},
    "forno.driver3": set(),
    "forno.lead1": {"F driver1", "F driver2"},
    "forno.manager": {"F driver1", "F driver2"},
    "scm.rep1": {"S rep1"},
    "scm.rep2": set(),
    "scm.lead1": {"S rep1"},
    "scm.manager": {"S rep1"},
    "finance": {"F driver1", "F driver2", "S rep1"},
    "admin": set(),
}
WITHOUT_A_TIER = ["forno.manager", "scm.manager", "finance", "admin"]


@pytest.fixture
def everyone(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> dict[str, Employee]:
    return forno.people | scm.people | head_office


@pytest.fixture
def cases(everyone: dict[str, Employee]) -> dict[str, int]:
    """A case each of two drivers and a rep, by division and opener."""
    by: dict[str, Any] = {
        "forno.driver1": wrong_order(),
        "forno.driver2": money_off("3.00"),
        "scm.rep1": {"reason_code": "outage", "channel": "phone", "customer": "C-1"},
    }
    opened = {}
    for username, body in by.items():
        told = Api(everyone[username]).post("cases/", body).json()
        opened[f"{told['number'][0]} {username.partition('.')[2]}"] = told["id"]
    return opened


@pytest.mark.parametrize("who", SEES)
def test_each_sees_their_own_cases_and_no_others(
    everyone: dict[str, Employee], cases: dict[str, int], who: str
) -> None:
    api = Api(everyone[who])

    listed = {case["id"] for case in api.get("cases/").json()["results"]}
    assert listed == {cases[name] for name in SEES[who]}
    for name, case in cases.items():
        answer = api.get(f"cases/{case}/")
        if name in SEES[who]:
            assert answer.json()["id"] == case
        else:
            assert_problem(answer, 404, "not-found")


def test_finance_knows_customers_by_their_reference_only(
    everyone: dict[str, Employee], cases: dict[str, int]
) -> None:
    listed = Api(everyone["finance"]).get("cases/")
    single = Api(everyone["finance"]).get(f"cases/{cases['F driver1']}/")

    assert single.json()["customer"] == {"reference": "C-1001"}
    for answer in (listed, single):
        assert b"C-1001" in answer.content
        assert b"Kim Lee" not in answer.content
        assert b"kim@example.com" not in answer.content


@pytest.mark.once
@pytest.mark.parametrize("who", WITHOUT_A_TIER)
def test_without_a_tier_nobody_changes_anything(
    everyone: dict[str, Employee], cases: dict[str, int], who: str
) -> None:
    api = Api(everyone[who])
    with nothing_written():
        assert_problem(api.post("cases/", wrong_order()), 403, "no-authority")
        for step, body in STEPS.items():
            answer = api.post(f"cases/{cases['F driver1']}/{step}", body)
            assert_problem(answer, 403, "no-authority")


@pytest.mark.once
@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("forno.driver1", {"For all", "For drivers", "For Brooklyn"}),
        ("forno.driver3", {"For all", "For drivers"}),
        ("forno.lead1", {"For all", "For leads", "For Brooklyn"}),
        ("forno.manager", {"For all", "For drivers", "For leads", "For Brooklyn"}),
        ("scm.rep1", {"Elsewhere"}),
        (
            "finance",
            {"For all", "For drivers", "For leads", "For Brooklyn", "Elsewhere"},
        ),
    ],
)
def test_each_reads_the_rules_that_are_about_their_work(
    everyone: dict[str, Employee], forno: Cast, scm: Cast, who: str, titles: set[str]
) -> None:
    forno.rule("For all", value="20")
    forno.rule("For drivers", value="20", tiers=["Driver"])
    forno.rule("For leads", value="60", tiers=["Shift lead"])
    forno.rule("For Brooklyn", value="20", teams=["Brooklyn"])
    scm.rule("Elsewhere", value="20")

    told = Api(everyone[who]).get("policies/").json()
    assert {rule["title"] for rule in told["results"]} == titles


def test_me_tells_how_far_my_word_goes_and_opens_no_month(
    everyone: dict[str, Employee],
) -> None:
    with nothing_written():
        told = {who: Api(person).get("me/").json() for who, person in everyone.items()}

    rep = told["scm.rep1"]
    assert (rep["username"], rep["role"], rep["team"]) == ("scm.rep1", "agent", "Sydney")
    assert rep["time_zone"] == "Australia/Sydney"
    assert rep["division"] == {
        "code": "scm",
        "name": "Southern Cross Mobile",
        "currency": "AUD",
    }
    assert (rep["tier"]["name"], rep["tier"]["grace_percent"]) == ("Rep", 20)
    assert (rep["limit_per_case"], rep["budget"]["left"]) == ("150.00", "200.00")
    assert (told["finance"]["division"], told["finance"]["budget"]) == (None, None)
    assert (told["forno.manager"]["tier"], told["forno.manager"]["limit_per_case"]) == (None, None)
