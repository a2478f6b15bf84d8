"""A case is closed without a remedy, handed over, or taken up again; what was said is kept."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from resolutions.conclude import close_without_remedy, hand_over, take_up_again
from resolutions.errors import CaseEnded, InvalidCase, OwnCase
from resolutions.models import Case, CaseState, Conclusion, Contact, FollowUp
from tests.cast import Cast
from tests.putting_right import NOW, give_also, put_right, rows_written, so_many

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def case(forno: Cast) -> Case:
    """An open case of the first driver's."""
    return Case.objects.get(pk=put_right(forno.agent, customer="C-1")["id"])


def close(case: Case, forno: Cast, **how: Any) -> dict[str, Any]:
    """Close it with an apology, or as told."""
    return close_without_remedy(
        case,
        **{
            "said": "I am sorry.",
            "acting_employee": forno.agent,
            "request_id": uuid4(),
            "at": LATER,
            **how,
        },
    )


def hand(case: Case, forno: Cast, **how: Any) -> dict[str, Any]:
    """Hand it over to the shop, or as told."""
    return hand_over(
        case,
        **{
            "to": "The shop",
            "reason": "In writing, please.",
            "acting_employee": forno.agent,
            "request_id": uuid4(),
            "at": LATER,
            **how,
        },
    )


def take_up(case: Case, forno: Cast, **how: Any) -> dict[str, Any]:
    """Take it up again over the phone, by a colleague, or as told."""
    return take_up_again(
        case,
        **{
            "channel": "phone",
            "acting_employee": forno.colleague,
            "request_id": uuid4(),
            "at": LATER,
            **how,
        },
    )


def test_an_apology_can_be_enough(forno: Cast, case: Case) -> None:
    receipt = close(case, forno, said="  I explained and they laughed. ")

    case.refresh_from_db()
    assert (case.state, case.ended_at) == (CaseState.CLOSED, LATER)
    assert case.outcome_note == receipt["outcome_note"] == "I explained and they laughed."
    assert not FollowUp.objects.exists()


def test_handing_over_keeps_to_whom_and_why(forno: Cast, case: Case) -> None:
    receipt = hand(case, forno)

    case.refresh_from_db()
    assert (case.state, case.ended_at) == (CaseState.HANDED_OVER, LATER)
    assert (case.handed_over_to, case.outcome_note) == ("The shop", "In writing, please.")
    assert (receipt["state"], receipt["handed_over_to"]) == ("handed-over", "The shop")


def test_a_customer_who_comes_back_is_a_new_contact_on_the_same_case(
    forno: Cast, case: Case
) -> None:
    give_also({"id": case.pk}, forno.agent, so_many("reorder"))

    receipt = take_up(case, forno, note=" Still cold. ")

    contact = Contact.objects.get()
    assert (contact.case, contact.employee, contact.channel, contact.note, contact.at) == (
        case,
        forno.colleague,
        "phone",
        "Still cold.",
        LATER,
    )
    assert (receipt["state"], receipt["ended_at"]) == ("open", None)
    assert [row["remedy"] for row in receipt["resolutions"]] == ["reorder"]
    again = give_also(receipt, forno.colleague, so_many("free-pizza"), at=LATER)
    assert [row["cost"] for row in again["resolutions"]] == ["4.00", "5.00"]


def test_a_handed_over_case_can_be_taken_up_again_and_stays_counted(
    forno: Cast, case: Case
) -> None:
    hand(case, forno)
    take_up(case, forno)

    case.refresh_from_db()
    assert (case.state, case.handed_over_to) == (CaseState.OPEN, "The shop")


def test_how_it_ended_stays_however_often_it_goes_on(forno: Cast, case: Case) -> None:
    close(case, forno, said="First words.")
    take_up(case, forno)
    hand(case, forno)
    take_up(case, forno)
    close(case, forno, said="Last words.")

    kept = Conclusion.objects.filter(case=case).values_list("state", "words", "handed_over_to")
    assert list(kept) == [
        ("closed", "First words.", ""),
        ("handed-over", "In writing, please.", "The shop"),
        ("closed", "Last words.", ""),
    ]
    assert set(Conclusion.objects.values_list("employee", "at")) == {(forno.agent.pk, LATER)}
    case.refresh_from_db()
    assert (case.outcome_note, case.handed_over_to) == ("Last words.", "")


@pytest.mark.parametrize("end", [close, hand])
@pytest.mark.parametrize("act", [close, hand])
def test_only_an_open_case_can_be_ended(forno: Cast, case: Case, end: Any, act: Any) -> None:
    end(case, forno)
    before = rows_written()
    with pytest.raises(CaseEnded, match=f"Case F-{case.pk} is not open"):
        act(case, forno)
    assert rows_written() == before


@pytest.mark.once
@pytest.mark.parametrize(
    ("act", "how", "field"),
    [
        (close, {"said": " "}, "said"),
        (close, {"said": "x" * 4001}, "said"),
        (close, {"said": "a\x00b"}, "said"),
        (close, {"said": "a\ud800b"}, "said"),
        (hand, {"to": ""}, "to"),
        (hand, {"to": "x" * 121}, "to"),
        (hand, {"to": "The\nshop"}, "to"),
        (hand, {"reason": "\n"}, "reason"),
        (hand, {"reason": "x" * 1_000_000}, "reason"),
        (take_up, {"channel": "pigeon"}, "channel"),
        (take_up, {"channel": ""}, "channel"),
        (take_up, {"note": "a\x00b"}, "note"),
        (take_up, {"note": "x" * 4001}, "note"),
    ],
    ids=lambda value: getattr(value, "__name__", ascii(value)[:30]),
)
def test_words_that_are_missing_or_can_not_be_kept(
    forno: Cast, case: Case, act: Any, how: dict[str, str], field: str
) -> None:
    before = rows_written()
    with pytest.raises(InvalidCase) as refusal:
        act(case, forno, **how)
    assert list(refusal.value.errors) == [field]
    assert rows_written() == before


@pytest.mark.parametrize("act", [close, hand, take_up])
def test_nobody_ends_or_takes_up_their_own_case(forno: Cast, case: Case, act: Any) -> None:
    forno.agent.customer_reference = "C-1"
    before = rows_written()
    with pytest.raises(OwnCase):
        act(case, forno, acting_employee=forno.agent)
    assert rows_written() == before


@pytest.mark.parametrize("act", [close, hand, take_up])
def test_another_divisions_case_is_not_there(
    forno: Cast, orchard: Cast, case: Case, act: Any
) -> None:
    before = rows_written()
    with pytest.raises(Case.DoesNotExist):
        act(case, forno, acting_employee=orchard.agent)
    assert rows_written() == before
