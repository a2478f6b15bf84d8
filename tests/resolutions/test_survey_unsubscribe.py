"""No more of these mails: by a page with one button, or by the mail program itself (RFC 8058)."""

from datetime import UTC, datetime
from email.message import Message

import pytest
from django.test import Client

from resolutions.followup import send_due_follow_ups
from resolutions.models import Customer, FollowUp, SurveyOptOut
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.pages import words
from tests.surveys import A_DAY, asked, owed, page_of

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ONE_CLICK = "List-Unsubscribe=One-Click"
AS_FORM = "application/x-www-form-urlencoded"
LOUD = CustomerDetails("555-0142", "Kim Lee", "KIM@Example.COM")

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def mail(forno: Cast) -> FollowUp:
    """A mail that was sent just now, to an address in large letters."""
    return asked(forno, customer=LOUD)


def left() -> list[str]:
    return list(SurveyOptOut.objects.values_list("email", flat=True))


def test_the_mail_says_how_a_program_gets_no_more_of_them(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    mail = owed(forno, at=NOW)
    send_due_follow_ups(at=NOW + A_DAY)
    link = f"http://localhost:8000{page_of(mail, 'no-more')}"
    assert smtp_sink[0]["List-Unsubscribe"].strip() == f"<{link}>"
    assert smtp_sink[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_program_says_it_in_one_go(mail: FollowUp) -> None:
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answered = strict.post(page_of(mail, "no-more"), ONE_CLICK, AS_FORM)
        assert answered.status_code == 200, "not sent on to elsewhere"
        assert left() == ["kim@example.com"]


def test_a_person_presses_a_button_and_may_change_their_mind(
    client: Client, mail: FollowUp
) -> None:
    page = client.get(page_of(mail, "no-more"))
    assert "Send me no more of them" in words(page)
    assert left() == []
    done = client.post(page_of(mail, "no-more"))
    assert "You get no more of these mails Forno will not ask you" in words(done)
    assert left() == ["kim@example.com"]
    assert "Ask me again after all" in words(client.get(page_of(mail, "no-more")))

    back = client.post(page_of(mail, "no-more"), {"again": "yes"})
    assert "No more of these mails?" in words(back)
    assert left() == []


def test_it_is_for_one_division(client: Client, forno: Cast, scm: Cast, mail: FollowUp) -> None:
    theirs = asked(scm, customer=LOUD)
    client.post(page_of(mail, "no-more"))
    assert "No more of these mails?" in words(client.get(page_of(theirs, "no-more")))
    assert SurveyOptOut.objects.get().division == forno.division
    client.post(page_of(theirs, "no-more"), {"again": "yes"})
    assert left() == ["kim@example.com"]


def test_the_answer_stays_open_to_who_wants_no_more_mails(client: Client, mail: FollowUp) -> None:
    client.post(page_of(mail, "no-more"))
    assert client.post(page_of(mail), {"score": "2", "by": "hand"}).status_code == 302


@pytest.mark.parametrize("now", ["", "kim@elsewhere.example"])
def test_it_goes_by_where_the_mail_went_whatever_the_address_is_now(
    client: Client, mail: FollowUp, now: str
) -> None:
    Customer.objects.update(email=now)
    client.post(page_of(mail, "no-more"))
    assert left() == ["kim@example.com"]
    client.post(page_of(mail, "no-more"), {"again": "yes"})
    assert left() == []


def test_it_is_no_error_where_no_address_is_known_any_more(client: Client, forno: Cast) -> None:
    mail = owed(forno, at=NOW)
    Customer.objects.update(email="")
    for said in ({}, {"again": "yes"}):
        page = client.post(page_of(mail, "no-more"), said)
        assert "You get no more of these mails" in words(page)
    assert left() == []
