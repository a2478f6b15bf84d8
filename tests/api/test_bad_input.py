"""Whatever is sent: a clear answer that names the place, and nothing written."""

import json
from typing import Any

import pytest

from resolutions.models import Case
from tests.api.client import Api, assert_problem, nothing_written
from tests.api.questions import WRONG_ORDER, money_off, wrong_order
from tests.cast import Cast

# What is sent to POST cases/, and where the answer must say that something is not right.
BAD: dict[str, tuple[Any, str]] = {
    # amounts
    "negative": (money_off("-5.00"), "gives.0.amount"),
    "zero": (money_off("0"), "gives.0.amount"),
    "zero with places": (money_off("0.00"), "gives.0.amount"),
    "absurd": (money_off("999999999999.00"), "gives.0.amount"),
    "nine decimals": (money_off("5.123456789"), "gives.0.amount"),
    "a cent's tenth": (money_off("5.001"), "gives.0.amount"),
    "NaN": (money_off("NaN"), "gives.0.amount"),
    "sNaN": (money_off("sNaN"), "gives.0.amount"),
    "Infinity": (money_off("Infinity"), "gives.0.amount"),
    "1e400": (money_off("1e400"), "gives.0.amount"),
    "exponent": (money_off("5e0"), "gives.0.amount"),
    "a thousand digits": (money_off("9" * 1000), "gives.0.amount"),
    "comma": (money_off("5,00"), "gives.0.amount"),
    "underscore": (money_off("5_0"), "gives.0.amount"),
    "currency sign": (money_off("$5.00"), "gives.0.amount"),
    "Arabic digits": (money_off("\u0665"), "gives.0.amount"),
    "full-width digits": (money_off("\uff15"), "gives.0.amount"),
    "a line after it": (money_off("5.00\n"), "gives.0.amount"),
    "empty": (money_off(""), "gives.0.amount"),
    "a float": (money_off(5.0), "gives.0.amount"),
    "an integer": (money_off(5), "gives.0.amount"),
    "true": (money_off(True), "gives.0.amount"),
    "a list for an amount": (money_off(["5.00"]), "gives.0.amount"),
    "no amount": (wrong_order(gives=[{"remedy": "money-off"}]), "gives.0.amount"),
    "order value negative": (wrong_order(order_value="-1"), "order_value"),
    "order value as float": (wrong_order(order_value=23.5), "order_value"),
    "order value absurd": (wrong_order(order_value="1" + "0" * 15), "order_value"),
    "order value with 3 places": (wrong_order(order_value="23.505"), "order_value"),
    # quantities
    "quantity zero": (
        wrong_order(gives=[{"remedy": "reorder", "quantity": 0}]),
        "gives.0.quantity",
    ),
    "quantity below zero": (
        wrong_order(gives=[{"remedy": "reorder", "quantity": -1}]),
        "gives.0.quantity",
    ),
    "quantity absurd": (
        wrong_order(gives=[{"remedy": "reorder", "quantity": 10**30}]),
        "gives.0.quantity",
    ),
    "quantity as text": (
        wrong_order(gives=[{"remedy": "reorder", "quantity": "1"}]),
        "gives.0.quantity",
    ),
    "quantity as float": (
        wrong_order(gives=[{"remedy": "reorder", "quantity": 1.0}]),
        "gives.0.quantity",
    ),
    "quantity true": (
        wrong_order(gives=[{"remedy": "reorder", "quantity": True}]),
        "gives.0.quantity",
    ),
    "amount for a quantity": (
        wrong_order(gives=[{"remedy": "free-pizza", "amount": "5.00"}]),
        "gives.0.quantity",
    ),
    "quantity for an amount": (
        wrong_order(gives=[{"remedy": "money-off", "quantity": 5}]),
        "gives.0.amount",
    ),
    # codes
    "unknown reason": (wrong_order(reason_code="bad-weather"), "reason_code"),
    "reason by number": (wrong_order(reason_code=1), "reason_code"),
    "another division's reason": (wrong_order(reason_code="outage"), "reason_code"),
    "unknown remedy": (wrong_order(gives=[{"remedy": "gold", "quantity": 1}]), "gives.0.remedy"),
    "another division's remedy": (
        wrong_order(gives=[{"remedy": "bill-credit", "amount": "5.00"}]),
        "gives.0.remedy",
    ),
    "the second of two": (
        wrong_order(
            gives=[{"remedy": "reorder", "quantity": 1}, {"remedy": "gold", "quantity": 1}]
        ),
        "gives.1.remedy",
    ),
    "the same remedy twice": (
        wrong_order(gives=[{"remedy": "money-off", "amount": "1"}] * 2),
        "gives.1.remedy",
    ),
    "unknown channel": (wrong_order(channel="pigeon"), "channel"),
    # texts
    "a note of a megabyte": (wrong_order(note="x" * 1_000_000), "note"),
    "NUL in the note": (wrong_order(note="a\x00b"), "note"),
    "half a character in the note": (wrong_order(note="\ud83d"), "note"),
    "NUL in the order": (wrong_order(order_reference="a\x00"), "order_reference"),
    "a long order": (wrong_order(order_reference="x" * 81), "order_reference"),
    "note as number": (wrong_order(note=5), "note"),
    "note as null": (wrong_order(note=None), "note"),
    "customer without reference": (wrong_order(customer={"name": "Kim"}), "customer.reference"),
    "customer with a blank one": (wrong_order(customer={"reference": " "}), "customer.reference"),
    "customer with a long one": (wrong_order(customer="x" * 81), "customer.reference"),
    "customer with NUL": (wrong_order(customer="a\x00"), "customer.reference"),
    "customer by number": (wrong_order(customer={"reference": 1001}), "customer.reference"),
    "customer as a list": (wrong_order(customer=["C-1"]), "customer"),
    "customer as a number": (wrong_order(customer=5), "customer"),
    "customer with NUL in the name": (
        wrong_order(customer={"reference": "C-1", "name": "\x00"}),
        "customer.name",
    ),
    "customer with no address": (
        wrong_order(customer={"reference": "C-1", "email": "kim"}),
        "customer.email",
    ),
    "customer with a broken address": (
        wrong_order(customer={"reference": "C-1", "email": "a\x00@b.example"}),
        "customer.email",
    ),
    "customer with half a character": (
        wrong_order(customer={"reference": "C-1", "email": "\udc00@b.example"}),
        "customer.email",
    ),
    "customer with an endless address": (
        wrong_order(customer={"reference": "C-1", "email": "x@" + "a." * 200 + "example"}),
        "customer.email",
    ),
    "customer with a field too many": (
        wrong_order(customer={"reference": "C-1", "phone": "555"}),
        "customer.phone",
    ),
    # dates
    "a date in 1900": (wrong_order(order_date="1900-01-01"), "order_date"),
    "a date to come": (wrong_order(order_date="2999-01-01"), "order_date"),
    "no date": (wrong_order(order_date="2026-02-30"), "order_date"),
    "a date in words": (wrong_order(order_date="yesterday"), "order_date"),
    "a date as number": (wrong_order(order_date=20260101), "order_date"),
    "a date as list": (wrong_order(order_date=[2026, 1, 1]), "order_date"),
    # facts
    "a fact that is not asked": (wrong_order(facts={"minutes_late": 5}), "facts.minutes_late"),
    "facts as a list": (wrong_order(facts=[]), "facts"),
    "facts as null": (wrong_order(facts=None), "facts"),
    "a fact below zero": (
        wrong_order(reason_code="late", facts={"minutes_late": -5}),
        "facts.minutes_late",
    ),
    "a fact as list": (
        wrong_order(reason_code="late", facts={"minutes_late": [5]}),
        "facts.minutes_late",
    ),
    "a fact in words": (
        wrong_order(reason_code="late", facts={"minutes_late": "half an hour"}),
        "facts.minutes_late",
    ),
    "a fact with NUL": (
        wrong_order(reason_code="late", facts={"minutes_late": "\x00"}),
        "facts.minutes_late",
    ),
    "a fact that is too large": (
        wrong_order(reason_code="late", facts={"minutes_late": 10**4000}),
        "facts.minutes_late",
    ),
    "a hundred facts": (wrong_order(facts={f"f{i}": 1 for i in range(100)}), "facts"),
    # the whole
    "nothing": ({}, "reason_code"),
    "a list": ([], "body"),
    "text": ("cases", "body"),
    "null": (None, "body"),
    "a number": (5, "body"),
    "no channel": ({"reason_code": "late"}, "channel"),
    "a mistyped field": (wrong_order(give=[]), "give"),
    "a mistyped field in a give": (
        wrong_order(gives=[{"remedy": "money-off", "amout": "5.00"}]),
        "gives.0.amout",
    ),
    "gives as object": (wrong_order(gives={"remedy": "reorder"}), "gives"),
    "gives as null": (wrong_order(gives=None), "gives"),
    "gives of text": (wrong_order(gives=["reorder"]), "gives.0"),
    "gives without end": (wrong_order(gives=[{"remedy": "reorder"}] * 41), "gives"),
}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        # Only PostgreSQL breaks where a text with NUL in it is looked for.
        pytest.param(*bad, id=name, marks=() if "NUL" in name else pytest.mark.once)
        for name, bad in BAD.items()
    ],
)
def test_what_is_not_right_is_named_and_nothing_is_written(
    forno: Cast, scm: Cast, body: Any, place: str
) -> None:
    api = Api(forno.agent)
    with nothing_written():
        answer = api.post("cases/", body)

    told = assert_problem(answer, 400, "invalid")
    assert place in told["errors"], told["errors"]
    assert all(messages and all(messages) for messages in told["errors"].values())


# What is no JSON as it should be, and a word of the answer.
UNREADABLE = {
    "no JSON": (b"{reason_code: late}", "JSON"),
    "half of it": (b'{"reason_code": "la', "JSON"),
    "NaN": (b'{"order_value": NaN}', "NaN"),
    "Infinity": (b'{"order_value": -Infinity}', "Infinity"),
    "Latin-1": ('{"note": "ü"}'.encode("latin-1"), "UTF-8"),
    "UTF-16": ('{"note": "x"}'.encode("utf-16"), "UTF-8"),
    "a key twice": (b'{"note": "a", "note": "b"}', "twice"),
    "an amount twice": (
        b'{"gives": [{"remedy": "money-off", "amount": "1", "amount": "9"}]}',
        "twice",
    ),
    "nested without end": (b"[" * 200_000, "deeply"),
    "an endless number": (b'{"order_value": ' + b"1" * 5000 + b"}", "JSON"),
    "an endless fraction": (b'{"order_value": 0.' + b"1" * 5000 + b"}", "digits"),
    "an endless exponent": (b'{"order_value": 1e99999999999999999999}', "large"),
    "NUL in a key": (b'{"a\\u0000": 1}', "key"),
    "half a character in a key": (b'{"\\ud83d": 1}', "key"),
    "an endless key": (b'{"' + b"k" * 1000 + b'": 1}', "key"),
}


@pytest.mark.once
@pytest.mark.parametrize(("body", "word"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused(forno: Cast, body: bytes, word: str) -> None:
    api = Api(forno.agent)
    with nothing_written():
        answer = api.post("cases/", body)

    assert word in assert_problem(answer, 400, "malformed")["detail"]


@pytest.mark.once
def test_a_request_larger_than_any_needs_to_be_is_refused(forno: Cast) -> None:
    with nothing_written():
        answer = Api(forno.agent).post("cases/", wrong_order(note="x" * 3_000_000))

    assert_problem(answer, 413, "too-large")


@pytest.mark.once
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "text/xml", ""]
)
def test_only_json_is_read(forno: Cast, kind: str) -> None:
    with nothing_written():
        answer = Api(forno.agent).post(
            "cases/", json.dumps(WRONG_ORDER).encode(), content_type=kind
        )

    assert_problem(answer, 415, "unsupported-media-type")


@pytest.mark.once
@pytest.mark.parametrize(("body", "place"), [BAD[k] for k in ("negative", "no channel", "a list")])
def test_a_question_is_read_as_strictly(forno: Cast, body: Any, place: str) -> None:
    without_note = {k: v for k, v in body.items() if k != "note"} if body else body
    told = assert_problem(Api(forno.agent).post("authority/", without_note), 400, "invalid")
    assert place in told["errors"]


@pytest.mark.once
def test_everything_that_is_wrong_is_named_at_once(forno: Cast) -> None:
    body = wrong_order(
        reason_code="x", channel="x", note="x" * 5000, gives=[{"remedy": "x", "quantity": 1}]
    )
    told = assert_problem(Api(forno.agent).post("cases/", body), 400, "invalid")

    assert {"reason_code", "channel", "note"} <= set(told["errors"])


@pytest.mark.parametrize(
    "path", ["", "resolutions/", "close/", "hand-over/", "contacts/", "authority/"]
)
@pytest.mark.parametrize("case_id", ["foreign", 0, 10**25])
def test_a_foreign_or_unknown_case_is_not_there(
    forno: Cast, scm: Cast, path: str, case_id: Any
) -> None:
    told = Api(scm.agent).post("cases/", {"reason_code": "outage", "channel": "phone"}).json()
    number = told["id"] if case_id == "foreign" else case_id
    api = Api(forno.agent)
    bodies: dict[str, Any] = {
        "resolutions/": {"gives": [{"remedy": "reorder", "quantity": 1}]},
        "close/": {"said": "Sorry."},
        "hand-over/": {"to": "Kim", "reason": "Too much."},
        "contacts/": {"channel": "phone", "customer": "C-1001"},
        "authority/": {},
    }
    with nothing_written():
        address = f"cases/{number}/{path}"
        answer = api.post(address, bodies[path]) if path else api.get(address)

    assert_problem(answer, 404, "not-found")
    assert Case.objects.count() == 1
