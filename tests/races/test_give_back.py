"""What could not be carried out is given back by several at the same moment: once, none lost."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from budgets.check import problems
from budgets.errors import GivenBackAlready
from budgets.models import Budget, EntryKind, LedgerEntry
from employees.models import Employee
from resolutions import give_back as act
from resolutions.models import Case, CaseState, Submission
from tests.cast import Cast
from tests.giving_back import gave_back
from tests.putting_right import give_also, put_right, so_many
from tests.races.together import raised, succeeded, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def giving_back(
    employee: Employee, receipt: dict[str, Any], place: int = 0, *, request_id: UUID | None = None
) -> Callable[[], dict[str, Any]]:
    """Give a remedy back, as a request of its own unless told."""
    return lambda: gave_back(employee, receipt, place, request_id=request_id)


def test_one_remedy_given_back_by_many_returns_once(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"))
    people = [forno.agent, forno.lead, forno.manager] * 5

    outcomes = together([giving_back(person, receipt) for person in people])

    assert len(succeeded(outcomes)) == 1
    assert {type(error) for error in raised(outcomes)} == {GivenBackAlready}
    assert Budget.objects.get().spent == 0
    assert LedgerEntry.objects.filter(kind=EntryKind.GIVE_BACK).count() == 1
    assert list(problems()) == []


def test_one_request_sixteen_times_is_answered_alike(forno: Cast) -> None:
    """Who comes too late finds it given back, by the very same request."""
    receipt, request_id = put_right(forno.agent, so_many("free-pizza")), uuid4()

    answers = together([giving_back(forno.agent, receipt, request_id=request_id)] * 16)

    assert raised(answers) == []
    assert all(answer == answers[0] for answer in answers)
    assert Submission.objects.filter(request_id=request_id).count() == 1
    assert Budget.objects.get().spent == 0


def both_given_back(forno: Cast) -> str:
    """Two people each give their remedy of a case back, out of months of their own.

    Returns the state of the case.
    """
    receipt = put_right(forno.agent, so_many("free-pizza"))
    receipt = give_also(receipt, forno.lead, so_many("reorder"))
    acts = [giving_back(forno.agent, receipt), giving_back(forno.lead, receipt, 1)]
    assert raised(together(acts)) == []
    return Case.objects.get(pk=receipt["id"]).state


def test_two_that_give_back_all_there_is_open_the_case(forno: Cast) -> None:
    for _ in range(4):
        assert both_given_back(forno) == CaseState.OPEN
    assert list(problems()) == []


def test_without_the_lock_each_would_think_that_something_stands(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real, and the test would notice it."""
    monkeypatch.setattr(act, "lock_case_alone", lambda case, employee: case)
    assert CaseState.PUT_RIGHT in {both_given_back(forno) for _ in range(20)}


def test_giving_more_and_giving_back_at_once_leave_a_case_that_is_true(forno: Cast) -> None:
    for _ in range(4):
        receipt = put_right(forno.agent, so_many("free-pizza"))
        acts = [
            giving_back(forno.agent, receipt),
            lambda receipt=receipt: give_also(receipt, forno.lead, so_many("reorder")),  # type: ignore[misc]
        ]
        assert raised(together(acts)) == []
        assert Case.objects.get(pk=receipt["id"]).state == CaseState.PUT_RIGHT
    assert list(problems()) == []
