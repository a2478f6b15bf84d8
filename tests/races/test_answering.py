"""Two managers answer the same gaps at the same moment: each gap has one answer, none is lost."""

from collections.abc import Callable

import pytest

from employees.models import Employee
from resolutions.answer_gaps import answer_gaps
from resolutions.errors import NothingToAnswer
from resolutions.models import AuthorityGap, GapAnswer
from tests.cast import Cast
from tests.gaps import refuse
from tests.putting_right import so_much
from tests.races.together import raised, succeeded, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def second_manager(forno: Cast) -> Employee:
    return Employee.objects.create_user(
        "forno.manager2", role="manager", division=forno.division, team=forno.manager.team
    )


def answering(manager: Employee) -> Callable[[], int]:
    return lambda: answer_gaps(
        AuthorityGap.objects.all(),
        kind="changed",
        words=f"By {manager.username}",
        answered_by=manager,
    )


def test_each_gap_gets_the_answer_of_who_came_first(forno: Cast) -> None:
    for _ in range(20):
        refuse(forno.agent, so_much("money-off", "40.00"))
    managers = [forno.manager, second_manager(forno)] * 6

    outcomes = together([answering(manager) for manager in managers])

    assert succeeded(outcomes) == [20]
    assert {type(error) for error in raised(outcomes)} == {NothingToAnswer}
    answer = GapAnswer.objects.get()
    assert answer.gaps.count() == 20
