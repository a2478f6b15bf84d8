"""Opening a case and putting it right, in one call; and the same call arriving again."""

from decimal import Decimal
from uuid import uuid4

import pytest

from budgets.models import Budget, LedgerEntry
from resolutions.models import AuthorityGap, Case, Resolution
from tests.api.client import Api, assert_problem, nothing_written
from tests.api.questions import WRONG_ORDER, money_off, wrong_order
from tests.cast import Cast


def test_a_case_is_opened_and_put_right_in_one_call(forno: Cast) -> None:
    answer = Api(forno.agent).post("cases/", WRONG_ORDER)

    assert answer.status_code == 201
    told = answer.json()
    case = Case.objects.get()
    assert told["id"] == case.pk
    assert told["number"] == f"F-{case.pk}"
    assert (told["state"], told["reason_code"], told["order_value"]) == (
        "put-right",
        "wrong-order",
        "23.50",
    )
    assert told["customer"] == {"reference": "C-1001", "name": "Kim Lee"}
    given = [(r["remedy"], r["quantity"], r["cost"], r["given_by"]) for r in told["resolutions"]]
    assert given == [
        ("free-pizza", 1, "5.00", "forno.driver1"),
        ("reorder", 1, "4.00", "forno.driver1"),
    ]
    assert (told["budget"]["spent"], told["budget"]["left"]) == ("9.00", "111.00")
    assert Budget.objects.get().spent == Decimal("9.00")


def test_with_nothing_given_the_case_stays_open(forno: Cast) -> None:
    told = Api(forno.agent).post("cases/", {"reason_code": "late", "channel": "phone"}).json()

    assert (told["state"], told["resolutions"], told["ended_at"]) == ("open", [], None)


@pytest.mark.parametrize(
    "key", [uuid4(), "order-4711/attempt", '"8e03978e-40d5-43e8-bc93"', "x" * 200]
)
def test_the_same_request_again_has_no_second_effect_and_the_same_answer(
    forno: Cast, key: object
) -> None:
    api = Api(forno.agent)
    first = api.post("cases/", WRONG_ORDER, key=key)
    with nothing_written():
        again = api.post("cases/", WRONG_ORDER, key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content


def test_the_same_key_with_other_contents_is_refused(forno: Cast) -> None:
    api, key = Api(forno.agent), uuid4()
    api.post("cases/", WRONG_ORDER, key=key)
    with nothing_written():
        answer = api.post("cases/", wrong_order(note="Something else"), key=key)

    assert_problem(answer, 409, "idempotency-conflict")


@pytest.mark.parametrize("key", ["order-4711", uuid4()])
def test_a_colleague_may_use_the_same_key(forno: Cast, key: object) -> None:
    assert Api(forno.agent).post("cases/", WRONG_ORDER, key=key).status_code == 201
    assert Api(forno.colleague).post("cases/", money_off("1.00"), key=key).status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.once
@pytest.mark.parametrize("key", [None, "", "  ", '""', "x" * 201, "kéy", "a\tb"])
def test_without_a_key_no_money_moves(forno: Cast, key: object) -> None:
    with nothing_written():
        answer = Api(forno.agent).post("cases/", WRONG_ORDER, key=key)

    told = assert_problem(answer, 400, "invalid")
    assert "a new key for each thing" in told["errors"]["Idempotency-Key"][0]


def test_beyond_authority_nothing_is_given_and_the_decision_says_what_can_be(forno: Cast) -> None:
    forno.rule("No vouchers at the door", effect="forbid", remedies=["voucher"])
    api, key = Api(forno.agent), uuid4()
    gives = [{"remedy": "voucher", "amount": "5.00"}, {"remedy": "reorder", "quantity": 1}]
    answer = api.post("cases/", wrong_order(gives=gives), key=key)

    told = assert_problem(answer, 403, "outside-authority")
    refused, fine = told["decisions"]
    assert (refused["remedy"], refused["verdict"], refused["limit"]) == (
        "voucher",
        "outside",
        "0.00",
    )
    assert refused["binding"]["kind"] == "forbidden"
    assert refused["binding"]["rationale"] == "No vouchers at the door: that is fair to everyone."
    assert refused["binding"]["customer_wording"]
    instead = {a["remedy"]: a["limit"] for a in refused["alternatives"]}
    assert instead == {"free-pizza": "2", "money-off": "21.00"}, "next to the reorder"
    assert fine["verdict"] == "within"
    assert not Case.objects.exists()
    assert not Resolution.objects.exists()
    assert not LedgerEntry.objects.filter(kind="spend").exists()
    assert AuthorityGap.objects.get().remedy == forno.remedies["voucher"]

    with nothing_written():
        again = api.post("cases/", wrong_order(gives=gives), key=key)
    assert again.content == answer.content, "a refusal, too, is answered the same again"


def test_nobody_puts_their_own_case_right(forno: Cast) -> None:
    customer = {"reference": "C-1", "email": "forno.driver1@example.com"}
    with nothing_written():
        answer = Api(forno.agent).post("cases/", wrong_order(customer=customer))

    assert_problem(answer, 403, "own-case")


def test_a_case_is_read_as_it_was_told(forno: Cast) -> None:
    api = Api(forno.agent)
    receipt = api.post("cases/", WRONG_ORDER).json()

    assert api.get(f"cases/{receipt['id']}/").json() == {
        key: value for key, value in receipt.items() if key != "budget"
    }


TEXTS = [
    "🍕 zu spät 😡",
    "הפיצה הגיעה קרה",
    "\u202ereversed\u202c",
    "Zoë\nO'Brien; DROP TABLE",
    "\t<b>&amp;",
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_script_is_kept_as_it_was_written(forno: Cast, text: str) -> None:
    api = Api(forno.agent)
    name = text.replace("\n", " ")  # a name stands in one line
    customer = {"reference": "C-9", "name": name}
    told = api.post("cases/", wrong_order(note=text, customer=customer)).json()

    read = api.get(f"cases/{told['id']}/").json()
    assert (read["note"], read["customer"]["name"]) == (text.strip(), name.strip())


def test_facts_are_numbers_yes_or_no_and_text(forno: Cast, orchard: Cast, scm: Cast) -> None:
    late = {"reason_code": "late", "channel": "phone", "facts": {"minutes_late": 30.5}}
    assert Api(forno.agent).post("cases/", late).json()["facts"] == {"minutes_late": "30.5"}
    damaged = {"reason_code": "damaged", "channel": "phone", "facts": {"seal_broken": True}}
    assert Api(orchard.agent).post("cases/", damaged).json()["facts"] == {"seal_broken": True}
    slow = {"reason_code": "slow-data", "channel": "phone", "facts": {"plan": "max"}}
    assert Api(scm.agent).post("cases/", slow).json()["facts"] == {"plan": "max"}
