"""What customers said is kept by the database itself: raw SQL, on both databases."""

from datetime import UTC, datetime

import pytest

from resolutions.models import FollowUp, SurveyOptOut, SurveyResponse
from resolutions.surveys import answer
from tests.cast import Cast
from tests.raw_sql import empty_out, execute, insert, refused
from tests.surveys import asked, owed

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
THEIRS = "stays theirs"

pytestmark = pytest.mark.django_db


def insert_answer(mail: FollowUp, score: int = 4) -> None:
    insert(
        "resolutions_surveyresponse",
        follow_up_id=mail.pk,
        score=score,
        aspect="",
        comment="",
        at=NOW,
        changed_at=NOW,
    )


@pytest.fixture
def by_hand(forno: Cast) -> SurveyResponse:
    """An answer that a person gave by a tap on the page."""
    kept = answer(asked(forno, at=NOW), score=2, comment="Cold.", by_hand=True, at=NOW)
    assert kept is not None
    return kept


def test_only_a_mail_that_was_sent_is_answered(forno: Cast) -> None:
    mail = owed(forno, at=NOW)
    with refused("only to a mail that was sent"):
        insert_answer(mail)
    FollowUp.objects.update(sent_at=NOW)
    insert_answer(mail)
    assert SurveyResponse.objects.count() == 1


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_is_from_1_to_5(forno: Cast, score: int) -> None:
    with refused("score_is_from_1_to_5"):
        insert_answer(asked(forno, at=NOW), score)


def test_there_is_one_answer_to_a_mail(forno: Cast) -> None:
    mail = asked(forno, at=NOW)
    insert_answer(mail)
    with refused("follow_up_id"):
        insert_answer(mail)


def test_an_answer_stays_with_its_mail(forno: Cast, by_hand: SurveyResponse) -> None:
    other = asked(forno, at=NOW)
    with refused("stays with that mail"):
        execute("UPDATE resolutions_surveyresponse SET follow_up_id = %s", other.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM resolutions_surveyresponse",
        "UPDATE resolutions_surveyresponse SET by_hand = (1 = 0), score = 5",
        "UPDATE resolutions_surveyresponse SET at = '2026-01-01T00:00:00Z'",
    ],
)
def test_what_was_said_by_hand_is_not_taken_away(by_hand: SurveyResponse, statement: str) -> None:
    with refused(THEIRS):
        execute(statement)
    by_hand.refresh_from_db()
    assert (by_hand.score, by_hand.by_hand, by_hand.at) == (2, True, NOW)


@pytest.mark.sqlite
def test_nor_replaced(by_hand: SurveyResponse) -> None:
    with refused(THEIRS):
        execute(
            "INSERT OR REPLACE INTO resolutions_surveyresponse "
            "(follow_up_id, score, aspect, comment, at, changed_at, transaction_id) "
            "SELECT follow_up_id, 5, '', '', at, changed_at, 0 FROM resolutions_surveyresponse"
        )


@pytest.mark.postgres
def test_nor_emptied_out(by_hand: SurveyResponse) -> None:
    with refused(THEIRS):
        empty_out("resolutions_surveyresponse")


@pytest.mark.parametrize(
    "change",
    [
        "sent_at = NULL, address = ''",
        "sent_at = '2026-01-01T00:00:00Z'",
        "address = 'bo@example.com'",
    ],
)
def test_a_mail_that_was_sent_stays_sent_to_where_it_went(forno: Cast, change: str) -> None:
    mail = asked(forno, at=NOW)
    with refused("stays sent"):
        execute(f"UPDATE resolutions_followup SET {change}")
    execute("UPDATE resolutions_followup SET last_error = 'x'")
    mail.refresh_from_db()
    assert mail.sent_at == NOW


def test_what_was_not_sent_went_nowhere(forno: Cast) -> None:
    owed(forno, at=NOW)
    with refused("mail_went_out_or_nowhere"):
        execute("UPDATE resolutions_followup SET address = 'bo@example.com'")


def test_an_address_says_no_once(forno: Cast) -> None:
    SurveyOptOut.objects.create(division=forno.division, email="kim@example.com")
    with refused("opted_out_once|division_id"):
        SurveyOptOut.objects.create(division=forno.division, email="kim@example.com")
