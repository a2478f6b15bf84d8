"""One request arriving many times at once has one effect, and every answer is the same."""

from uuid import uuid4

import pytest

from budgets.check import problems
from budgets.models import Budget
from resolutions.conclude import close_without_remedy
from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap, Case, Customer, Resolution, Submission
from tests.cast import Cast
from tests.putting_right import give_also, put_right, so_many, so_much
from tests.races.together import raised, together, without_constraint

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ONE_EFFECT = (
    "resolutions_submission",
    "request_has_one_effect",
    "UNIQUE (employee_id, request_id)",
)


@pytest.mark.parametrize("customer", [None, "new", "known"])
def test_one_request_sixteen_times_is_one_case(forno: Cast, customer: str | None) -> None:
    Customer.objects.create(division=forno.division, reference="known")
    request_id = uuid4()

    answers = together(
        [
            lambda: put_right(
                forno.agent,
                so_many("free-pizza"),
                so_many("reorder"),
                customer=customer,
                request_id=request_id,
            )
        ]
        * 16
    )

    assert raised(answers) == []
    assert all(answer == answers[0] for answer in answers)
    assert Case.objects.count() == Submission.objects.count() == 1
    assert Resolution.objects.count() == 2
    assert Customer.objects.count() == (2 if customer == "new" else 1)
    assert Budget.objects.get().spent == 9
    assert list(problems()) == []


def test_without_the_guard_it_would_be_many(forno: Cast) -> None:
    """The race above is real, and the test would notice it."""
    request_id = uuid4()
    with without_constraint(*ONE_EFFECT):
        together([lambda: put_right(forno.agent, request_id=request_id)] * 16)
        assert Case.objects.count() > 1


def test_one_request_for_the_last_of_the_month_is_one_case(forno: Cast) -> None:
    """Those that come too late find the money gone, and their own answer waiting."""
    for _ in range(4):
        put_right(forno.agent, so_much("money-off", "25.00"))
    request_id = uuid4()

    answers = together(
        [lambda: put_right(forno.agent, so_much("money-off", "20.00"), request_id=request_id)] * 16
    )

    assert raised(answers) == []
    assert all(answer == answers[0] for answer in answers)
    assert Budget.objects.get().left == 0
    assert not AuthorityGap.objects.exists()


def test_giving_more_sixteen_times_is_given_once(forno: Cast) -> None:
    case = put_right(forno.agent, customer="C-1")
    request_id = uuid4()

    answers = together(
        [lambda: give_also(case, forno.agent, so_many("reorder"), request_id=request_id)] * 16
    )

    assert raised(answers) == []
    assert all(answer == answers[0] for answer in answers)
    assert Resolution.objects.count() == 1


def test_one_refused_request_sixteen_times_is_one_gap(forno: Cast) -> None:
    request_id = uuid4()

    answers = together(
        [lambda: put_right(forno.agent, so_much("money-off", "26.00"), request_id=request_id)] * 16
    )

    assert {type(answer) for answer in answers} == {OutsideAuthority}
    assert all(answer.refusal == answers[0].refusal for answer in answers)
    assert AuthorityGap.objects.count() == 1


def test_closing_a_case_sixteen_times_is_answered_alike(forno: Cast) -> None:
    """Who comes too late finds the case closed, by the very same request."""
    case, request_id = Case.objects.get(pk=put_right(forno.agent)["id"]), uuid4()

    answers = together(
        [
            lambda: close_without_remedy(
                case, said="I am sorry.", acting_employee=forno.agent, request_id=request_id
            )
        ]
        * 16
    )

    assert raised(answers) == []
    assert all(answer == answers[0] for answer in answers)
