"""A low score is on the lead's list the same day, once it is sure that a person gave it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from resolutions.models import FollowUp, Review
from resolutions.surveys import LOOKED_BACK, MOMENTS, answer, followed_by_a_program, list_low_scores
from resolutions.tasks import list_low_scores as task
from tests.cast import Cast
from tests.queries import assert_queries
from tests.surveys import asked

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STANDS = NOW + MOMENTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(forno: Cast) -> FollowUp:
    """A mail that was sent just now."""
    return asked(forno, at=NOW)


def listed() -> list[tuple[str, datetime]]:
    return list(Review.objects.order_by("pk").values_list("why", "at"))


@pytest.mark.parametrize("score", [1, 2])
def test_a_low_score_by_hand_is_listed_at_once(forno: Cast, mail: FollowUp, score: int) -> None:
    answer(mail, score=score, by_hand=True, at=NOW)
    assert listed() == [("low-score", NOW)]
    review = Review.objects.get()
    assert (review.case, review.employee, review.team) == (mail.case, forno.agent, forno.agent.team)


def test_a_score_of_three_is_not(mail: FollowUp) -> None:
    answer(mail, score=3, by_hand=True, at=NOW)
    list_low_scores(at=STANDS)
    assert listed() == []


def test_what_the_page_sent_by_itself_is_listed_once_it_stands(mail: FollowUp) -> None:
    answer(mail, score=1, by_hand=False, at=NOW)
    list_low_scores(at=STANDS - timedelta(seconds=1))
    assert listed() == []
    list_low_scores(at=STANDS)
    list_low_scores(at=STANDS + timedelta(minutes=5))
    assert listed() == [("low-score", STANDS)]


def test_a_score_that_became_low_weeks_later_is_listed(mail: FollowUp) -> None:
    answer(mail, score=5, by_hand=False, at=NOW)
    later = NOW + 2 * LOOKED_BACK
    answer(mail, score=1, by_hand=False, at=later)
    list_low_scores(at=later + MOMENTS)
    assert listed() == [("low-score", later + MOMENTS)]


def test_what_a_program_sent_never_is(mail: FollowUp) -> None:
    answer(mail, score=1, by_hand=False, at=NOW)
    followed_by_a_program(mail, at=NOW)
    list_low_scores(at=STANDS)
    assert listed() == []


def test_workers_that_were_away_for_days_list_it_when_they_are_back(mail: FollowUp) -> None:
    answer(mail, score=1, by_hand=False, at=NOW)
    list_low_scores(at=NOW + LOOKED_BACK)
    assert len(listed()) == 1


def test_listing_takes_as_many_queries_for_many(forno: Cast) -> None:
    for number in range(3):
        answer(asked(forno, at=NOW, order_reference=f"{number}"), score=1, by_hand=False, at=NOW)
    with assert_queries(["select resolution", "select review", "insert review"]):
        list_low_scores(at=STANDS)
    with assert_queries(["select resolution"]):
        list_low_scores(at=STANDS)


def test_the_task_lists_them(mail: FollowUp) -> None:
    answer(mail, score=1, by_hand=False, at=NOW)
    with time_machine.travel(STANDS, tick=False):
        task()
    assert listed() == [("low-score", STANDS)]
