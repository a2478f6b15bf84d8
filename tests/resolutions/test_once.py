"""The same request has one effect, and the second answer equals the first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from resolutions.conclude import close_without_remedy, hand_over, take_up_again
from resolutions.errors import InvalidCase, OutsideAuthority, RequestConflict
from resolutions.models import AuthorityGap, Case, Submission
from tests.cast import Cast
from tests.putting_right import NOW, give_also, put_right, rows_written, so_many, so_much

Act = Callable[[Cast, dict[str, Any], UUID], dict[str, Any]]

ACTS: dict[str, Act] = {
    "resolve": lambda forno, case, request_id: put_right(
        forno.agent, so_many("reorder"), customer="C-1", request_id=request_id
    ),
    "give more": lambda forno, case, request_id: give_also(
        case, forno.agent, so_many("reorder"), request_id=request_id
    ),
    "close": lambda forno, case, request_id: close_without_remedy(
        Case.objects.get(pk=case["id"]),
        said="I am sorry.",
        acting_employee=forno.agent,
        request_id=request_id,
    ),
    "hand over": lambda forno, case, request_id: hand_over(
        Case.objects.get(pk=case["id"]),
        to="The shop",
        reason="They wanted it in writing.",
        acting_employee=forno.agent,
        request_id=request_id,
    ),
    "take up": lambda forno, case, request_id: take_up_again(
        Case.objects.get(pk=case["id"]),
        channel="phone",
        acting_employee=forno.agent,
        request_id=request_id,
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_request_that_comes_again_gets_its_first_answer_and_does_nothing(
    forno: Cast, act: Act
) -> None:
    case = put_right(forno.agent)
    request_id = uuid4()
    first = act(forno, case, request_id)
    before = rows_written()

    assert act(forno, case, request_id) == first
    assert act(forno, case, request_id) == first
    assert rows_written() == before


def test_a_refusal_that_comes_again_is_the_same_refusal_and_one_gap(forno: Cast) -> None:
    request_id = uuid4()
    refusals = []
    for _ in range(3):
        with pytest.raises(OutsideAuthority) as refusal:
            put_right(forno.agent, so_much("money-off", "30.00"), request_id=request_id)
        refusals.append(refusal.value.refusal)

    assert refusals[0] == refusals[1] == refusals[2]
    assert refusals[0]["decisions"][0]["verdict"] == "outside"
    assert AuthorityGap.objects.count() == 1


def test_the_first_answer_is_given_again_though_everything_has_changed_since(
    forno: Cast,
) -> None:
    request_id = uuid4()
    first = put_right(forno.agent, so_many("reorder"), request_id=request_id)
    give_also(first, forno.colleague, so_many("free-pizza"))
    forno.remedies["reorder"].is_active = False
    forno.remedies["reorder"].save()
    forno.rule(effect="forbid")
    forno.agent.tier = None

    again = put_right(
        forno.agent, so_many("reorder"), request_id=request_id, at=NOW + timedelta(days=40)
    )

    assert again == first


@pytest.mark.parametrize(
    ("gives", "told"),
    [
        ([so_many("reorder"), so_many("free-pizza")], {}),
        ([so_many("free-pizza", 2)], {}),
        ([so_many("reorder")], {"note": "other words"}),
        ([so_many("reorder")], {"customer": "C-2"}),
        ([so_many("reorder")], {"facts": {"minutes_late": "31"}}),
        ([so_many("reorder")], {"facts": {"minutes_late": "\x00 not even right"}}),
        ([], {}),
    ],
)
def test_the_same_id_with_other_contents_is_refused(
    forno: Cast, gives: list[Any], told: dict[str, Any]
) -> None:
    request_id = uuid4()
    put_right(forno.agent, so_many("reorder"), request_id=request_id)
    before = rows_written()

    with pytest.raises(RequestConflict):
        put_right(forno.agent, *gives, request_id=request_id, **told)

    assert rows_written() == before


def test_the_same_id_for_another_act_is_refused(forno: Cast) -> None:
    request_id = uuid4()
    case = put_right(forno.agent, so_many("reorder"), request_id=request_id)
    before = rows_written()

    for name in ("give more", "close", "hand over", "take up"):
        with pytest.raises(RequestConflict):
            ACTS[name](forno, case, request_id)

    assert rows_written() == before


def test_the_same_id_for_another_case_is_refused(forno: Cast) -> None:
    one, other = put_right(forno.agent), put_right(forno.agent)
    for name in ("give more", "close"):
        ACTS[name](forno, one, request_id := uuid4())
        with pytest.raises(RequestConflict):
            ACTS[name](forno, other, request_id)
        ACTS["take up"](forno, one, uuid4())


def test_ids_of_different_people_do_not_meet(forno: Cast) -> None:
    request_id = uuid4()
    put_right(forno.agent, so_many("reorder"), request_id=request_id)
    put_right(forno.colleague, so_many("free-pizza"), request_id=request_id)

    assert Case.objects.count() == Submission.objects.count() == 2


def test_a_request_that_was_wrong_can_be_sent_again_corrected(forno: Cast) -> None:
    """Nothing was done and nothing recorded, so that its id is still free."""
    request_id = uuid4()
    with pytest.raises(InvalidCase):
        put_right(forno.agent, so_much("money-off", "-5.00"), request_id=request_id)
    put_right(forno.agent, so_much("money-off", "5.00"), request_id=request_id)

    assert Case.objects.count() == 1
