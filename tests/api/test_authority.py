"""Asking what can be given: every remedy with its decision, and nothing written."""

import pytest

from tests.api.client import Api, assert_problem, nothing_written
from tests.api.questions import wrong_order
from tests.cast import Cast

QUESTION = {
    "reason_code": "wrong-order",
    "channel": "doorstep",
    "order_value": "23.50",
    "facts": {},
    "customer": {"reference": "C-1001"},
}


def test_every_remedy_is_answered_with_its_limit_and_nothing_is_written(forno: Cast) -> None:
    forno.rule("Never more than the order", measure="percent", value="100", per="order")
    api = Api(forno.agent)
    with nothing_written():
        answer = api.post("authority/", QUESTION | {"order_reference": "ORD-1"}, key=None)

    assert answer.status_code == 200
    remedies = {told["remedy"]: told for told in answer.json()["remedies"]}
    limits = {code: (told["verdict"], told["limit"]) for code, told in remedies.items()}
    assert limits == {
        "free-pizza": ("within", "1"),  # two would be worth 30.00
        "reorder": ("within", "1"),
        "money-off": ("within", "23.50"),
        "voucher": ("within", "23.50"),
    }
    money_off = remedies["money-off"]
    assert money_off["name"] == "Money off the bill"
    assert money_off["why"] == "Never more than the order: that is fair to everyone."
    assert money_off["binding"]["title"] == "Never more than the order"
    assert money_off["binding"]["customer_wording"].endswith("here is what I can do.")
    assert answer.json()["budget"]["left"] == "120.00"


def test_what_is_chosen_leaves_less_for_the_others(forno: Cast) -> None:
    answer = Api(forno.agent).post(
        "authority/", QUESTION | {"gives": [{"remedy": "free-pizza", "quantity": 2}]}
    )

    told = answer.json()
    limits = {option["remedy"]: option["limit"] for option in told["remedies"]}
    assert limits["money-off"] == "15.00"
    assert limits["free-pizza"] == "2", "as if it were not chosen yet"
    assert [(c["remedy"], c["asked"], c["cost"]) for c in told["chosen"]] == [
        ("free-pizza", "2", "10.00")
    ]


def test_the_customer_can_be_told_by_reference_alone(forno: Cast) -> None:
    forno.rule("Once a month", measure="times", value="1", per="customer", window_days=30)
    api = Api(forno.agent)
    api.post("cases/", wrong_order(gives=[{"remedy": "reorder", "quantity": 1}]))

    for customer in ("C-1001", {"reference": "C-1001"}):
        told = api.post("authority/", QUESTION | {"customer": customer}).json()
        assert {option["verdict"] for option in told["remedies"]} == {"outside"}
    told = api.post("authority/", QUESTION | {"customer": "C-1002"}).json()
    assert {option["verdict"] for option in told["remedies"]} == {"within"}


def test_what_is_not_known_is_asked_for(forno: Cast) -> None:
    forno.rule("Never more than the order", measure="percent", value="100")
    answer = Api(forno.agent).post("authority/", {"reason_code": "late", "channel": "phone"})

    money_off = answer.json()["remedies"][2]
    assert (money_off["verdict"], money_off["limit"]) == ("outside", "0.00")
    assert money_off["needs"] == ["order_value"]


def test_in_a_case_what_was_given_counts(forno: Cast) -> None:
    api = Api(forno.agent)
    case = api.post("cases/", wrong_order()).json()
    with nothing_written():
        answer = api.post(f"cases/{case['id']}/authority/", {}, key=None)

    limits = {option["remedy"]: option["limit"] for option in answer.json()["remedies"]}
    assert limits == {
        "free-pizza": "1",
        "reorder": "0",
        "money-off": "16.00",
        "voucher": "26.66",
    }


@pytest.mark.parametrize("who", ["finance", "admin"])
def test_without_a_tier_there_is_nothing_to_give(
    forno: Cast, head_office: dict[str, object], who: str
) -> None:
    answer = Api(head_office[who]).post("authority/", QUESTION)  # type: ignore[arg-type]

    assert_problem(answer, 403, "no-authority")
