"""What happens in a case that is there already: more is given, it ends, the customer comes back."""

from typing import Any
from uuid import uuid4

import pytest

from resolutions.models import Case, Contact
from tests.api.client import Api, assert_problem, nothing_written
from tests.api.questions import money_off, wrong_order
from tests.cast import Cast

REORDER = {"gives": [{"remedy": "reorder", "quantity": 1}]}


def open_case(api: Api) -> str:
    return f"cases/{api.post('cases/', wrong_order(gives=[])).json()['id']}/"


def test_more_is_given_within_what_is_left_for_the_case(forno: Cast) -> None:
    api = Api(forno.agent)
    case = f"cases/{api.post('cases/', money_off('20.00')).json()['id']}/"

    more = api.post(f"{case}resolutions/", REORDER)
    assert more.status_code == 201
    assert [r["remedy"] for r in more.json()["resolutions"]] == ["money-off", "reorder"]
    assert more.json()["budget"]["left"] == "96.00"
    two_more = {"gives": [{"remedy": "money-off", "amount": "2.00"}]}
    told = assert_problem(api.post(f"{case}resolutions/", two_more), 403, "outside-authority")
    assert told["decisions"][0]["limit"] == "1.00"


def test_a_lead_gives_more_in_the_teams_case(forno: Cast) -> None:
    case = f"cases/{Api(forno.agent).post('cases/', money_off('25.00')).json()['id']}/"
    more = Api(forno.lead).post(
        f"{case}resolutions/", {"gives": [{"remedy": "money-off", "amount": "55.00"}]}
    )

    assert [r["given_by"] for r in more.json()["resolutions"]] == ["forno.driver1", "forno.lead1"]
    assert more.json()["budget"]["left"] == "345.00", "out of the lead's month"


TOLD_LATER = {
    "order_value": "23.50",
    "order_reference": "ORD-1881",
    "order_date": "2026-01-02",
    "customer": {"reference": "C-1001", "name": "Kim Lee"},
    "facts": {"minutes_late": 40},
}


def test_what_was_not_told_is_told_with_more(forno: Cast) -> None:
    forno.rule(measure="percent", value="100", per="order", remedies=["money-off"])
    api = Api(forno.agent)
    bare = {"reason_code": "late", "channel": "phone"}
    case = f"cases/{api.post('cases/', bare).json()['id']}/"
    money = {"gives": [{"remedy": "money-off", "amount": "20.00"}]}
    assert_problem(api.post(f"{case}resolutions/", money), 403, "outside-authority")

    with nothing_written():
        asked = api.post(f"{case}authority/", TOLD_LATER | money).json()
    assert [d["verdict"] for d in asked["chosen"]] == ["within"]
    answer = api.post(f"{case}resolutions/", TOLD_LATER | money)

    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in TOLD_LATER} == TOLD_LATER | {
        "facts": {"minutes_late": "40"}
    }
    assert api.get(case).json()["order_value"] == "23.50"


def test_what_was_told_stays_as_it_was_told(forno: Cast) -> None:
    api = Api(forno.agent)
    case = open_case(api)
    with nothing_written():
        for step in ("resolutions/", "authority/"):
            body = REORDER | {"order_value": "99.00", "customer": "C-2"}
            told = assert_problem(api.post(case + step, body), 400, "invalid")
            assert set(told["errors"]) == {"order_value", "customer.reference"}
            assert "23.50" in told["errors"]["order_value"][0]


def test_giving_nothing_more_is_not_giving(forno: Cast) -> None:
    api = Api(forno.agent)
    case = open_case(api)
    with nothing_written():
        assert_problem(api.post(f"{case}resolutions/", {}), 400, "invalid")
        assert_problem(api.post(f"{case}resolutions/", {"gives": []}), 400, "invalid")
    assert Case.objects.get().state == "open"


def test_a_case_is_closed_with_what_was_said(forno: Cast) -> None:
    api = Api(forno.agent)
    case = open_case(api)
    answer = api.post(f"{case}close/", {"said": "I explained the detour."})

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["outcome_note"]) == (
        "closed",
        "I explained the detour.",
    )
    assert api.get(case).json() == answer.json()
    assert_problem(api.post(f"{case}close/", {"said": "Again."}), 409, "case-state")


def test_a_customer_is_handed_over_with_the_reason(forno: Cast) -> None:
    api = Api(forno.agent)
    answer = api.post(f"{open_case(api)}hand-over/", {"to": "The office", "reason": "An allergy."})

    told = answer.json()
    assert (told["state"], told["handed_over_to"], told["outcome_note"]) == (
        "handed-over",
        "The office",
        "An allergy.",
    )


def test_a_customer_who_comes_back_can_be_taken_up_by_a_colleague(forno: Cast) -> None:
    case = f"cases/{Api(forno.agent).post('cases/', wrong_order()).json()['id']}/"
    colleague = Api(forno.colleague)
    back = {"channel": "phone", "note": "Still cold."}
    assert_problem(colleague.get(case), 404, "not-found")
    for customer in ({}, {"customer": "C-1002"}, {"customer": ""}):
        assert_problem(colleague.post(f"{case}contacts/", back | customer), 404, "not-found")

    answer = colleague.post(f"{case}contacts/", back | {"customer": "C-1001"})

    assert answer.status_code == 201
    assert answer.json()["state"] == "open"
    assert Contact.objects.get().employee == forno.colleague
    assert colleague.get(case).status_code == 200
    money = {"gives": [{"remedy": "money-off", "amount": "1.00"}]}
    assert colleague.post(f"{case}resolutions/", money).status_code == 201


STEPS: dict[str, dict[str, Any]] = {
    "resolutions/": REORDER,
    "close/": {"said": "Sorry."},
    "hand-over/": {"to": "The office", "reason": "An allergy."},
    "contacts/": {"channel": "phone"},
}


@pytest.mark.parametrize(("step", "body"), STEPS.items(), ids=STEPS)
def test_each_step_happens_once_however_often_it_arrives(
    forno: Cast, step: str, body: dict[str, Any]
) -> None:
    api, key = Api(forno.agent), uuid4()
    case = open_case(api)
    first = api.post(case + step, body, key=key)
    with nothing_written():
        again = api.post(case + step, body, key=key)
        other = api.post(
            case + step, body | {"note": "x"} if step == "contacts/" else REORDER, key=key
        )
        without = api.post(case + step, body, key=None)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert other.status_code in ((409,) if step == "contacts/" else (201, 400))
    assert_problem(without, 400, "invalid")


@pytest.mark.parametrize(("step", "body"), STEPS.items(), ids=STEPS)
def test_a_key_of_another_step_is_refused(forno: Cast, step: str, body: dict[str, Any]) -> None:
    api, key = Api(forno.agent), uuid4()
    case = open_case(api)
    api.post("cases/", wrong_order(), key=key)
    with nothing_written():
        assert_problem(api.post(case + step, body, key=key), 409, "idempotency-conflict")


WRONG_STEPS = [
    ("close/", {}, "said"),
    ("close/", {"said": "  "}, "said"),
    ("close/", {"said": "x" * 4001}, "said"),
    ("close/", {"said": "\x00"}, "said"),
    ("close/", {"said": "\ud800"}, "said"),
    ("close/", {"said": 5}, "said"),
    ("close/", {"say": "Sorry."}, "say"),
    ("hand-over/", {"to": "x" * 121, "reason": "y"}, "to"),
    ("hand-over/", {"to": "The office"}, "reason"),
    ("contacts/", {"channel": "pigeon"}, "channel"),
    ("contacts/", {}, "channel"),
    ("contacts/", {"channel": "phone", "note": "a\x00"}, "note"),
    ("resolutions/", {"gives": [{"remedy": "reorder", "quantity": 0}]}, "gives.0.quantity"),
    ("resolutions/", REORDER | {"order_date": "1900-01-01"}, "order_date"),
    ("resolutions/", REORDER | {"facts": {"minutes_late": 5}}, "facts.minutes_late"),
    ("resolutions/", REORDER | {"channel": "phone"}, "channel"),
]


@pytest.mark.once
@pytest.mark.parametrize(("step", "body", "place"), WRONG_STEPS)
def test_what_is_not_right_is_named(
    forno: Cast, step: str, body: dict[str, Any], place: str
) -> None:
    api = Api(forno.agent)
    case = open_case(api)
    with nothing_written():
        told = assert_problem(api.post(case + step, body), 400, "invalid")

    assert place in told["errors"]
