"""The desk tells an agent how their own month went, and nothing of too few answers or cases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from employees.models import Employee
from resolutions.models import FollowUp
from tests.cast import Cast
from tests.pages import client_of, words
from tests.putting_right import NOW, put_right, so_many
from tests.surveys import said

LONG_AGO = NOW - timedelta(days=10)  # their window of first-contact resolution is over


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def desk(employee: Employee) -> str:
    return words(client_of(employee).get("/"))


def put_right_and_answered(
    employee: Employee, *scores: int | None, at: datetime = LONG_AGO, who: str = "C"
) -> None:
    """A case for each score, of a customer each; None did not answer."""
    for number, score in enumerate(scores):
        case = put_right(employee, so_many("reorder"), customer=f"{who}-{number}", at=at)
        if score is None:
            FollowUp.objects.create(case_id=case["id"], due_at=at, sent_at=at)
        else:
            said(case["id"], score, at=at)


def test_a_month_without_cases_says_nothing(forno: Cast) -> None:
    assert "How it went this month" not in desk(forno.agent)
    put_right(forno.agent, so_many("reorder"), at=NOW - timedelta(days=21))  # in October
    assert "How it went this month" not in desk(forno.agent)


def test_nobody_has_answered_yet(forno: Cast) -> None:
    put_right(forno.agent, so_many("reorder"))
    assert "No customer has answered yet." in desk(forno.agent)


def test_fewer_than_five_answers_are_not_told_as_a_score(forno: Cast) -> None:
    put_right_and_answered(forno.agent, 1, 1, 5, 5, None)
    told = desk(forno.agent)
    assert "4 of 5 answered. From 5 answers on" in told
    assert "Your customers say" not in told


def test_five_answers_are_with_how_many_were_asked(forno: Cast) -> None:
    put_right_and_answered(forno.agent, 5, 5, 4, 4, 4, None, None)
    assert "Your customers say 4.4 of 5 5 of 7 answered" in desk(forno.agent)


def test_solved_at_first_contact_counts_cases_that_are_old_enough(forno: Cast) -> None:
    put_right_and_answered(forno.agent, *[None] * 4)
    put_right_and_answered(forno.agent, None, at=NOW - timedelta(days=2), who="D")
    assert "Solved at first contact" not in desk(forno.agent)
    put_right_and_answered(forno.agent, None, who="E")
    assert "Solved at first contact 5 of 5" in desk(forno.agent)
    again = LONG_AGO + timedelta(days=3)
    put_right(forno.colleague, so_many("reorder"), customer="C-0", at=again)
    assert "Solved at first contact 4 of 5" in desk(forno.agent)


def test_a_colleagues_cases_are_not_in_it(forno: Cast) -> None:
    put_right_and_answered(forno.colleague, 1, 1, 1, 1, 1)
    assert "How it went this month" not in desk(forno.agent)
