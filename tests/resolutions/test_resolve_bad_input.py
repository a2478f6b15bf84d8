"""Whatever can't be meant so gets a clear answer by field, all at once, and nothing is written."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from resolutions.errors import InvalidCase
from resolutions.models import Case
from resolutions.problem import CustomerDetails, Give
from tests.cast import Cast
from tests.putting_right import put_right, rows_written, so_many, so_much

LONG = "x" * 1_000_000
NUL = "a\x00b"
BROKEN = "a\ud800b"
NOT_A_DAY = "Write the day of the order, from 1 January 2000 to today."


def refused(company: Cast, *gives: Give, **told: Any) -> dict[str, list[str]]:
    """What the act says to this; nothing may be written."""
    before = rows_written()
    with pytest.raises(InvalidCase) as refusal:
        put_right(company.agent, *gives, **told)
    assert rows_written() == before
    return refusal.value.errors


@pytest.mark.once
@pytest.mark.parametrize(
    ("amount", "answer"),
    [
        ("-5.00", "Write an amount above zero."),
        ("0", "Write an amount above zero."),
        ("-0", "Write an amount above zero."),
        ("0.001", "USD has 2 decimal places; this has more."),
        ("5.123456789", "USD has 2 decimal places; this has more."),
        ("1E-30", "USD has 2 decimal places; this has more."),
        ("100000000.01", "Write at most 100,000,000."),
        ("1E+30", "Write at most 100,000,000."),
        ("1E+999999", "Write at most 100,000,000."),
        ("NaN", "Write an amount of money, such as 5.00."),
        ("sNaN", "Write an amount of money, such as 5.00."),
        ("Infinity", "Write an amount of money, such as 5.00."),
        ("-Infinity", "Write an amount of money, such as 5.00."),
    ],
)
def test_an_amount_that_is_no_amount_to_give(forno: Cast, amount: str, answer: str) -> None:
    assert refused(forno, so_much("money-off", amount)) == {"gives.0.amount": [answer]}


@pytest.mark.once
@pytest.mark.parametrize(
    ("amount", "answer"),
    [
        ("-0.01", "Write 0 or more."),
        ("23.505", "USD has 2 decimal places; this has more."),
        ("1E+12", "Write at most 100,000,000."),
        ("NaN", "Write an amount of money, such as 5.00."),
    ],
)
def test_an_order_value_that_is_none(forno: Cast, amount: str, answer: str) -> None:
    assert refused(forno, order_value=amount) == {"order_value": [answer]}


def test_an_order_can_be_worth_nothing(forno: Cast) -> None:
    assert put_right(forno.agent, order_value="0")["order_value"] == "0.00"


@pytest.mark.once
@pytest.mark.parametrize("quantity", [0, -1, 1_000_001, 10**400])
def test_a_quantity_that_is_no_number_of_things(forno: Cast, quantity: int) -> None:
    assert refused(forno, so_many("free-pizza", quantity)) == {
        "gives.0.quantity": ["Give a number from 1 to 1,000,000."]
    }


def test_a_quantity_worth_more_than_there_is(forno: Cast) -> None:
    pizza = forno.remedies["free-pizza"]
    pizza.face_value_per_unit = Decimal("15000.00")
    pizza.save()
    forno.refresh()
    assert refused(forno, so_many("free-pizza", 1_000_000)) == {
        "gives.0.quantity": ["That would be worth more than 100,000,000."]
    }


@pytest.mark.parametrize(
    ("gives", "field", "answer"),
    [
        ([so_many("money-off", 2)], "gives.0.amount", "Money off the bill is given as an amount"),
        ([Give("money-off")], "gives.0.amount", "Money off the bill is given as an amount"),
        ([so_much("free-pizza", "5.00")], "gives.0.quantity", "Say how many pizzas."),
        ([Give("free-pizza")], "gives.0.quantity", "Say how many pizzas."),
        ([so_much("cash", "5.00")], "gives.0.remedy", "Pick a remedy: one of free-pizza, reorder"),
        ([so_much(NUL, "5.00")], "gives.0.remedy", "Pick a remedy: one of"),
        (
            [so_much("money-off", "5.00"), so_much("money-off", "5.00")],
            "gives.1.remedy",
            "This remedy is there twice; add them up.",
        ),
        ([so_much("money-off", "5", LONG)], "gives.0.description", "Write at most 200 characters"),
        ([so_much("money-off", "5", NUL)], "gives.0.description", "Take out the NUL character"),
        ([so_much("money-off", "5", "a\nb")], "gives.0.description", "Write it in one line"),
    ],
    ids=str,
)
def test_a_remedy_that_can_not_be_given_like_this(
    forno: Cast, gives: list[Give], field: str, answer: str
) -> None:
    errors = refused(forno, *gives)
    assert list(errors) == [field]
    assert errors[field][0].startswith(answer)


def test_a_remedy_that_needs_words(scm: Cast) -> None:
    assert refused(scm, so_much("something-else", "5.00", "  "), reason_code="outage") == {
        "gives.0.description": ["Write in a few words what you give."]
    }


def test_a_remedy_no_longer_in_use(forno: Cast) -> None:
    forno.remedies["reorder"].is_active = False
    forno.remedies["reorder"].save()
    forno.refresh()
    assert list(refused(forno, so_many("reorder"))) == ["gives.0.remedy"]


def test_one_reorder_needs_no_number(forno: Cast) -> None:
    assert put_right(forno.agent, Give("reorder"))["resolutions"][0]["quantity"] == 1


@pytest.mark.parametrize(
    ("told", "field", "answer"),
    [
        ({"reason_code": "bad-mood"}, "reason_code", "Pick what went wrong: one of late, wrong"),
        ({"reason_code": ""}, "reason_code", "Pick what went wrong"),
        ({"channel": "pigeon"}, "channel", "Say where it was told: one of doorstep, phone"),
        ({"note": LONG}, "note", "Write at most 4,000 characters; these are 1,000,000."),
        ({"note": NUL}, "note", "Take out the NUL character; it can't be kept."),
        ({"note": BROKEN}, "note", "A character in it is broken; write it again."),
        ({"order_reference": "A" * 81}, "order_reference", "Write at most 80 characters"),
        ({"order_reference": NUL}, "order_reference", "Take out the NUL character"),
        ({"order_reference": "A\n77"}, "order_reference", "Write it in one line"),
        ({"customer": "a\tb"}, "customer.reference", "Write it in one line"),
        ({"customer": CustomerDetails("C", "N\r\nBcc: z@z.de")}, "customer.name", "Write it in"),
        ({"order_date": date(1900, 1, 1)}, "order_date", NOT_A_DAY),
        ({"order_date": date(2026, 11, 22)}, "order_date", NOT_A_DAY),
        ({"order_date": date(9999, 12, 31)}, "order_date", NOT_A_DAY),
        ({"customer": "  "}, "customer.reference", "Write what the customer is known by"),
        ({"customer": LONG}, "customer.reference", "Write at most 80 characters"),
        ({"customer": NUL}, "customer.reference", "Take out the NUL character"),
        ({"customer": CustomerDetails("C", name=LONG)}, "customer.name", "Write at most 120"),
        ({"customer": CustomerDetails("C", name=BROKEN)}, "customer.name", "A character in it"),
        ({"customer": CustomerDetails("C", email="kim")}, "customer.email", "Write an e-mail"),
        ({"customer": CustomerDetails("C", email=NUL + "@x.com")}, "customer.email", ""),
        (
            {"customer": CustomerDetails("C", email=f"k@{'x.' * 140}com")},
            "customer.email",
            "Write at most 254 characters",
        ),
        ({"facts": {"minutes_late": "soon"}}, "facts.minutes_late", "Minutes late: write a number"),
        ({"facts": {"minutes_late": "-5"}}, "facts.minutes_late", "Minutes late: write a number"),
        ({"facts": {"minutes_late": 30.5}}, "facts.minutes_late", "Minutes late: write a number"),
        ({"facts": {"minutes_late": "1e9"}}, "facts.minutes_late", "Minutes late: write a number"),
        ({"facts": {"minutes_late": [1]}}, "facts.minutes_late", "Minutes late: write a number"),
        ({"facts": {"weather": "rain"}}, "facts.weather", "“Late” does not ask for this; it asks"),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
def test_a_problem_that_can_not_be_told_like_this(
    forno: Cast, told: dict[str, Any], field: str, answer: str
) -> None:
    errors = refused(forno, so_many("reorder"), **told)
    assert list(errors) == [field]
    assert errors[field][0].startswith(answer)


def test_everything_that_is_wrong_is_said_at_once(forno: Cast) -> None:
    assert set(refused(forno, reason_code="x", channel="x", note=NUL, order_value="-1")) == {
        "reason_code",
        "channel",
        "note",
        "order_value",
    }


def test_a_fact_that_is_required_must_be_told(forno: Cast) -> None:
    fact = forno.reasons["late"].asked_facts.get()
    fact.required = True
    fact.save()
    forno.refresh()
    for facts in ({}, {"minutes_late": ""}, {"minutes_late": None}):
        assert refused(forno, facts=facts) == {"facts.minutes_late": ["Tell the minutes late."]}
    receipt = put_right(forno.agent, facts={"minutes_late": " 30 "})
    assert receipt["facts"] == {"minutes_late": "30"}


@pytest.mark.parametrize(
    "words",
    ["🍕🙏🏽 sorry", "شكرا جزيلا", "‮reversed‬", "Zoë & <b>Søren</b>", "\u200b", "x" * 4000],
    ids=["emoji", "right to left", "overridden", "marked up", "invisible", "long"],
)
def test_every_script_is_kept_as_it_was_written(forno: Cast, words: str) -> None:
    receipt = put_right(
        forno.agent,
        so_many("reorder"),
        note=words,
        customer=CustomerDetails(words[:80], name=words[:120]),
    )
    case = Case.objects.select_related("customer").get()
    assert case.customer is not None
    assert (case.note, case.customer.name) == (words, words[:120])
    assert receipt["note"] == words


def test_the_day_is_the_one_where_the_employee_works(scm: Cast) -> None:
    """Sydney is a day ahead of UTC at 15:00."""
    receipt = put_right(scm.agent, reason_code="outage", order_date=date(2026, 11, 22))
    assert receipt["order_date"] == "2026-11-22"
