"""What a customer answers: one score a mail; what a person said is never a program's to change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from resolutions.errors import InvalidCase, LinkTooOld
from resolutions.followup import send_due_follow_ups
from resolutions.models import FollowUp, NotAsked, SurveyResponse
from resolutions.survey_links import GOOD_FOR
from resolutions.surveys import LONGEST_COMMENT, MOMENTS, answer, followed_by_a_program
from tests.cast import Cast
from tests.surveys import A_DAY, asked, owed

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(forno: Cast) -> FollowUp:
    """A mail that was sent just now."""
    return asked(forno, at=NOW)


def stands() -> Any:
    """The score, aspect, comment and hand of the one answer there is, or None."""
    return SurveyResponse.objects.values_list("score", "aspect", "comment", "by_hand").first()


def was_scanned(mail: FollowUp) -> bool:
    mail.refresh_from_db()
    return mail.scanned_at is not None


def test_there_is_one_answer_to_a_mail_and_it_can_be_changed(mail: FollowUp) -> None:
    answer(mail, score=4, by_hand=True, at=NOW)
    assert stands() == (4, "", "", True)
    later = NOW + A_DAY
    answer(mail, score="2", aspect="speed", comment=" Cold.\r\nAgain. ", by_hand=True, at=later)
    assert stands() == (2, "speed", "Cold.\nAgain.", True)
    assert SurveyResponse.objects.values_list("at", "changed_at").get() == (NOW, later)

    answer(mail, score=3, by_hand=True, at=later)
    assert stands() == (3, "speed", "Cold.\nAgain.", True), "what was not said again stays"
    answer(mail, score=3, comment="", by_hand=True, at=later)
    assert stands() == (3, "speed", "", True), "and can be taken back"


@pytest.mark.once
@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"score": 0}, "score", "from 1 (not at all) to 5 (entirely)"),
        ({"score": 6}, "score", "from 1"),
        ({"score": "x"}, "score", "from 1"),
        ({"score": ""}, "score", "from 1"),
        ({"score": "9" * 5000}, "score", "from 1"),
        ({"score": True}, "score", "from 1"),
        ({"aspect": "price"}, "aspect", "one of speed, remedy, person, again, other, or none"),
        ({"comment": "x" * (LONGEST_COMMENT + 1)}, "comment", "at most 2,000 characters"),
        ({"comment": "a\0b"}, "comment", "NUL"),
        ({"comment": "a\ud800b"}, "comment", "broken"),
    ],
)
def test_what_can_not_be_meant_so_is_told(
    mail: FollowUp, said: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidCase) as refusal:
        answer(mail, **{"score": 4, "by_hand": True, "at": NOW, **said})
    assert list(refusal.value.errors) == [field]
    assert words in str(refusal.value)
    assert stands() is None


def test_all_that_is_wrong_is_told_at_once(mail: FollowUp) -> None:
    with pytest.raises(InvalidCase) as refusal:
        answer(mail, score=9, aspect="?", comment="\0", by_hand=True, at=NOW)
    assert list(refusal.value.errors) == ["score", "aspect", "comment"]


def test_a_mail_can_be_answered_for_sixty_days(mail: FollowUp) -> None:
    answer(mail, score=4, by_hand=True, at=NOW + GOOD_FOR)
    with pytest.raises(LinkTooOld):
        answer(mail, score=1, by_hand=True, at=NOW + GOOD_FOR + timedelta(seconds=1))
    assert stands() == (4, "", "", True)


def test_whoever_answers_has_had_the_mail(forno: Cast, smtp_sink: list[Any]) -> None:
    """Its sender was killed after it was sent, or was told by the server that it had failed."""
    mail = owed(forno, at=NOW)
    FollowUp.objects.update(attempts=1, not_asked=NotAsked.NO_MORE)
    answer(mail, score=5, by_hand=False, at=NOW + A_DAY)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.not_asked) == (NOW + A_DAY, "")
    send_due_follow_ups(at=NOW + 2 * A_DAY)
    assert smtp_sink == []


def test_the_tap_in_the_mail_counts_and_another_one_later_too(mail: FollowUp) -> None:
    answer(mail, score=4, by_hand=False, at=NOW)
    assert stands() == (4, "", "", False)
    answer(mail, score=4, by_hand=False, at=NOW + timedelta(seconds=1))
    answer(mail, score=2, by_hand=False, at=NOW + timedelta(seconds=1) + MOMENTS)
    assert stands() == (2, "", "", False)
    assert not was_scanned(mail)


def test_several_scores_within_moments_are_a_program_and_only_a_hand_counts_then(
    mail: FollowUp,
) -> None:
    assert answer(mail, score=1, by_hand=False, at=NOW) is not None
    at = NOW + MOMENTS - timedelta(seconds=1)
    assert answer(mail, score=2, by_hand=False, at=at) is None
    assert was_scanned(mail)
    assert mail.scanned_at == at
    assert stands() is None

    for score in (3, 4, 5):
        assert answer(mail, score=score, by_hand=False, at=NOW + A_DAY) is None
    assert stands() is None
    answer(mail, score=4, by_hand=True, at=NOW + A_DAY)
    assert stands() == (4, "", "", True)


def test_a_hand_may_choose_another_number_within_moments(mail: FollowUp) -> None:
    for score in (4, 3, 5):
        answer(mail, score=score, by_hand=True, at=NOW)
    assert stands() == (5, "", "", True)
    assert not was_scanned(mail)


@pytest.mark.parametrize("wait", [timedelta(seconds=5), timedelta(days=5)])
def test_what_was_said_by_hand_is_no_programs_to_change(mail: FollowUp, wait: timedelta) -> None:
    answer(mail, score=2, by_hand=False, at=NOW)
    answer(mail, score=5, comment="Thank you!", by_hand=True, at=NOW)
    for score in (1, 2, 3):
        kept = answer(mail, score=score, by_hand=False, at=NOW + wait)
        assert kept is not None
        assert kept.score == 5
    followed_by_a_program(mail, at=NOW + wait)
    assert stands() == (5, "", "Thank you!", True)


def test_the_link_that_nobody_sees_tells_of_a_program(mail: FollowUp) -> None:
    answer(mail, score=1, by_hand=False, at=NOW)
    followed_by_a_program(mail, at=NOW)
    followed_by_a_program(mail, at=NOW + A_DAY)
    assert was_scanned(mail)
    assert mail.scanned_at == NOW
    assert stands() is None


def test_another_customers_answer_stays(forno: Cast, mail: FollowUp) -> None:
    other = asked(forno, at=NOW)
    answer(other, score=1, by_hand=False, at=NOW)
    answer(mail, score=4, by_hand=False, at=NOW)
    assert not was_scanned(mail)
    followed_by_a_program(mail, at=NOW)
    assert stands() == (1, "", "", False)
