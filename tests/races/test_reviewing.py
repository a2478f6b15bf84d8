"""Several look at the same decision at the same moment: one says it, the others hear of it."""

from collections.abc import Callable
from functools import partial

import pytest

from employees.models import Employee
from resolutions.errors import ReviewedAlready
from resolutions.models import Review
from resolutions.reviews import owe_review_of_low_score
from tests.cast import Cast
from tests.races.together import raised, succeeded, together
from tests.reviewing import LATER, reviewed, went_further

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def saying(reviewer: Employee, latest: Review) -> Callable[[], None]:
    return partial(reviewed, reviewer, latest, note=f"By {reviewer.username}")


def test_a_decision_is_looked_at_by_who_came_first(scm: Cast) -> None:
    grace = went_further(scm)
    owe_review_of_low_score(grace.case, at=LATER)
    latest = Review.objects.select_related("case").get(why="low-score")
    # Whoever says the same twice is not refused: each says something of their own.
    outcomes = together([saying(who, latest) for who in (scm.lead, scm.manager)])

    assert succeeded(outcomes) == [None]
    assert [type(error) for error in raised(outcomes)] == [ReviewedAlready]
    assert Review.objects.values("note", "reviewed_by", "reviewed_at").distinct().count() == 1


def test_a_customer_who_taps_twice_is_on_the_list_once(scm: Cast) -> None:
    case = went_further(scm).case
    outcomes = together([partial(owe_review_of_low_score, case, at=LATER)] * 8)
    assert raised(outcomes) == []
    assert Review.objects.filter(why="low-score").count() == 1
