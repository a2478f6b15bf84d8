"""How many queries each call makes, every one of them named. A decision costs none."""

import pytest

from tests.api.client import Api
from tests.api.questions import wrong_order
from tests.cast import Cast
from tests.queries import assert_queries

WHO = "select knox_authtoken"
# One of a mass incident? The same wrong lately? What was given before?
PROBLEM = ("select incident", "select case", "select resolution")
CASES = ("select case", "select resolution", "select ledgerentry")  # the last: what was given back


@pytest.fixture
def api(forno: Cast) -> Api:
    """The agent's, with a case behind them: the month is open and the rulebook is warm."""
    forno.rule("Never more than the order", measure="percent", value="100", remedies=["money-off"])
    forno.rule("Fair to all", value="20", conditions=[("earlier_value", "ge", "50", 90)])
    api = Api(forno.agent)
    assert api.post("cases/", wrong_order()).status_code == 201
    return api


def test_opening_a_case_with_two_remedies(api: Api) -> None:
    with assert_queries(
        [
            WHO,
            "select submission",  # has this request been here before?
            "select customer",
            "select budget",  # the month
            "select incident",  # is it one of a mass incident?
            "select case",  # has the same gone wrong lately?
            "select resolution",  # what was given to this customer, on this order
            *("update budget", "insert ledgerentry") * 2,
            "insert case",
            "insert resolution",  # both
            "insert followup",
            "insert submission",
        ]
    ):
        assert api.post("cases/", wrong_order()).status_code == 201


def test_the_same_request_again(api: Api) -> None:
    api.post("cases/", wrong_order(), key="again")
    with assert_queries([WHO, "select submission"]):
        assert api.post("cases/", wrong_order(), key="again").status_code == 201


def test_asking_what_can_be_given(api: Api) -> None:
    question = {k: v for k, v in wrong_order().items() if k != "note"}
    with assert_queries([WHO, "select customer", "select budget", *PROBLEM]):
        assert api.post("authority/", question).status_code == 200


def test_giving_more(api: Api) -> None:
    case = api.get("cases/").json()["results"][0]["id"]
    with assert_queries(
        [
            WHO,
            "select case",  # is it theirs to see?
            "select resolution",
            "select ledgerentry",  # what of it was given back
            "select submission",
            "select customer",  # locked
            "select case",  # locked
            "select budget",
            "select incident",
            "select resolution",  # what was given in it, and to the customer
            "update budget",
            "insert ledgerentry",
            "update case",
            "insert resolution",
            "insert followup",
            "select resolution",  # all of them, for the receipt
            "select ledgerentry",  # what of it was given back
            "insert submission",
        ]
    ):
        more = {"gives": [{"remedy": "money-off", "amount": "1.00"}]}
        assert api.post(f"cases/{case}/resolutions/", more).status_code == 201


@pytest.mark.parametrize("cases", [1, 12])
def test_a_list_of_cases_however_long(api: Api, cases: int) -> None:
    for _ in range(cases - 1):
        api.post("cases/", wrong_order(gives=[{"remedy": "reorder", "quantity": 1}]))
    with assert_queries([WHO, *CASES]):
        assert len(api.get("cases/").json()["results"]) == cases


def test_one_case(api: Api) -> None:
    case = api.get("cases/").json()["results"][0]["id"]
    with assert_queries([WHO, *CASES]):
        assert api.get(f"cases/{case}/").status_code == 200


@pytest.mark.parametrize("rules", [2, 9])
def test_the_rules_however_many(api: Api, forno: Cast, rules: int) -> None:
    for i in range(rules - 2):
        forno.rule(f"Rule {i}", value="20", conditions=[("order_value", "gt", "5")])
    with assert_queries(
        [
            WHO,
            "select policy",
            "select reasoncode",
            "select remedy",
            "select authoritytier",
            "select team",
            "select condition",
            "select reasoncode",  # the facts that the conditions speak of
            "select askedfact",
        ]
    ):
        assert len(api.get("policies/").json()["results"]) == rules


def test_me(api: Api) -> None:
    with assert_queries([WHO, "select budget"]):
        assert api.get("me/").status_code == 200
