"""The page that a tap in the mail opens: it only shows until something is sent from it."""

import re
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from resolutions.followup import send_due_follow_ups
from resolutions.models import FollowUp, SurveyResponse
from resolutions.surveys import answer, followed_by_a_program
from resolutions.views.mail_links import LARGEST
from tests.cast import Cast
from tests.pages import value_of, words
from tests.putting_right import rows_written
from tests.queries import assert_queries
from tests.resolutions.test_followup import parts, plain
from tests.surveys import A_DAY, asked, case_of, owed, page_of

SCRIPT = {"Accept": "application/json"}
EVERY_LINK = ("", 1, 2, 3, 4, 5, "all", "no-more")

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def mail(forno: Cast) -> FollowUp:
    """A mail that was sent just now."""
    return asked(forno, order_reference="4711", note="Rude to our driver.", order_value="23.50")


def said() -> Any:
    return SurveyResponse.objects.values_list("score", "aspect", "comment", "by_hand").first()


def test_the_mail_has_a_link_for_each_score_and_they_open_the_page(
    forno: Cast, client: Client, smtp_sink: list[Message], settings: Any
) -> None:
    settings.PUBLIC_URL = "https://leeway.example.com/care"
    at = timezone.now()
    mail = owed(forno, at=at - A_DAY)
    send_due_follow_ups(at=at)

    pattern = r"https://leeway\.example\.com/care(/how-it-went/[^\s\"<>]+)"
    in_text = re.findall(pattern, plain(smtp_sink[0]))
    in_html = re.findall(pattern, parts(smtp_sink[0])["text/html"])
    assert in_text == [page_of(mail, part) for part in (1, 2, 3, 4, 5, "no-more")]
    assert in_html == [page_of(mail, part) for part in ("all", 1, 2, 3, 4, 5, "no-more")]
    for score, link in enumerate(in_text[:5], start=1):
        page = client.get(link)
        assert value_of(page, "score") == str(score)
        assert f"Press Send, and your {score} counts." in words(page)


def test_the_page_says_what_the_mail_said_and_no_more(client: Client, mail: FollowUp) -> None:
    page = client.get(page_of(mail, 4))
    text = words(page)
    for told in ("Forno", "Did we put it right?", "(order 4711)", "Free pizza: 1 pizza"):
        assert told in text
    html = page.content.decode()
    for kept in ("Kim Lee", "kim@example.com", "555-0142", "23.50", "Rude", "5.00", "Driver"):
        assert kept not in html


def test_opening_links_writes_nothing_however_often(client: Client, mail: FollowUp) -> None:
    answer(mail, score=3, by_hand=False)
    before, answers = rows_written(), list(SurveyResponse.objects.values())
    for part in EVERY_LINK:
        for ask in (client.get, client.head):
            assert ask(page_of(mail, part)).status_code == 200
        assert client.options(page_of(mail, part)).status_code == 405
    assert rows_written() == before
    assert list(SurveyResponse.objects.values()) == answers


def test_what_is_sent_without_scripts_counts_and_is_shown_again(
    client: Client, mail: FollowUp
) -> None:
    page = client.get(page_of(mail, 4))
    assert value_of(page, "by") == "hand"
    told = {"by": "hand", "score": "4", "aspect": "person", "comment": "Thank you,\r\nMarco!"}
    thanks = client.post(page_of(mail), told, follow=True)
    assert thanks.redirect_chain == [(page_of(mail), 302)]
    assert said() == (4, "person", "Thank you,\nMarco!", True)
    assert "Thank you. You said 4 of 5." in words(thanks)
    again = client.get(page_of(mail))
    assert (value_of(again, "score"), value_of(again, "aspect")) == ("4", "person")
    assert value_of(again, "comment") == "Thank you,\nMarco!"
    other = client.get(page_of(mail, 2))
    assert "You said 4 before. Press Send, and it is 2." in words(other)
    assert value_of(other, "comment") == "Thank you,\nMarco!"


def test_what_is_wrong_is_told_and_nothing_is_lost(client: Client, mail: FollowUp) -> None:
    told = {"by": "hand", "aspect": "price", "comment": "<b>Cold</b>\0"}
    answered = client.post(page_of(mail), told)
    assert answered.status_code == 400
    text = words(answered)
    assert "Pick a number from 1 (not at all) to 5 (entirely)." in text
    assert "Pick one of speed" in text
    assert "Take out the NUL character" in text
    assert "<b>Cold</b>" in value_of(answered, "comment")
    assert said() is None
    assert client.post(page_of(mail), {"score": "9"}).status_code == 400
    assert client.post(page_of(mail, 4), {"by": "hand", "score": "2"}).status_code == 302
    assert said() == (2, "", "", True), "what is sent counts, and not the address"


def test_a_number_that_there_is_not_leaves_the_choice_open(client: Client, mail: FollowUp) -> None:
    for part in ("0", "6", "44", "x", "-1", "4%00"):
        page = client.get(page_of(mail, part))
        assert page.status_code == 200
        assert value_of(page, "score") == ""
        assert "Pick a number and press Send." in words(page)


def test_the_pages_script_is_told_whether_it_counted(client: Client, mail: FollowUp) -> None:
    def sent(score: int, by: str) -> Any:
        told = {"score": score, "by": by}
        return client.post(page_of(mail), told, headers=SCRIPT).json()

    assert sent(4, "page") == {"says": "Thank you. You said 4 of 5.", "counts": True}
    assert sent(2, "page") == {"says": "Press Send, and your 2 counts.", "counts": False}
    assert said() is None, "two numbers within moments: a program was there"
    assert sent(3, "hand") == {"says": "Thank you. You said 3 of 5.", "counts": True}
    assert said() == (3, "", "", True)
    assert client.post(page_of(mail), {"score": "x"}, headers=SCRIPT).status_code == 400


def test_the_page_sends_by_itself_only_while_nothing_speaks_against_it(
    client: Client, mail: FollowUp
) -> None:
    def by_itself() -> bool:
        return b"data-by-itself" in client.get(page_of(mail, 4)).content

    assert by_itself()
    answer(mail, score=4, by_hand=False)
    assert by_itself()
    assert client.post(page_of(mail, "all"), headers=SCRIPT).status_code == 204
    assert said() is None
    assert not by_itself()
    mail.refresh_from_db()
    assert mail.scanned_at is not None


def test_a_form_that_a_program_sent_leads_back_to_the_number(
    client: Client, mail: FollowUp
) -> None:
    followed_by_a_program(mail)
    answered = client.post(page_of(mail), {"score": "4", "by": "page"})
    assert answered["Location"] == page_of(mail, 4)
    assert said() is None


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_link_that_is_cut_or_made_up_tells_nothing(
    client: Client, mail: FollowUp, method: str
) -> None:
    whole = page_of(mail).split("/")[2]
    number, signature = whole.split(".")
    for token in (
        *(whole[:-1], whole + "x", number, f"{number}.", f".{signature}", f"{number}Z.{signature}"),
        *("x", "a" * 3000, "%00", "é", f"{whole}.{signature}", whole.swapcase()),
    ):
        for part in ("", "4/", "all/", "no-more/"):
            answered = getattr(client, method)(f"/how-it-went/{token}/{part}")
            assert answered.status_code == 404, token
            assert method == "head" or "This link is not whole" in words(answered)
            assert "Forno" not in answered.content.decode()
    assert said() is None


def test_a_link_is_good_for_its_own_mail_and_of_our_own_making(
    client: Client, forno: Cast, mail: FollowUp, settings: Any
) -> None:
    other = asked(forno)
    [mine, theirs] = [page_of(each).split("/")[2].split(".") for each in (mail, other)]
    assert client.get(f"/how-it-went/{theirs[0]}.{mine[1]}/").status_code == 404
    address = page_of(mail)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert client.get(address).status_code == 200, "links outlast a change of the key"
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 404


def test_an_old_link_is_told_kindly_and_still_gets_no_more_mails(
    client: Client, mail: FollowUp
) -> None:
    address, leave = page_of(mail), page_of(mail, "no-more")
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        for answered in (client.get(f"{address}4/"), client.post(address, {"score": "4"})):
            assert answered.status_code == 410
            assert "This link has had its time" in words(answered)
            assert "Forno" not in answered.content.decode()
        assert client.get(leave).status_code == 200
    assert said() is None


def test_a_mail_whose_customer_is_not_known_any_more_has_no_page(
    client: Client, mail: FollowUp
) -> None:
    case = case_of(mail)
    case.customer = None
    case.save(update_fields=["customer"])
    for part in EVERY_LINK:
        assert client.get(page_of(mail, part)).status_code == 404


@pytest.mark.parametrize("part", EVERY_LINK)
def test_no_page_is_kept_indexed_or_named_to_others(
    client: Client, mail: FollowUp, part: str | int
) -> None:
    for answered in (client.get(page_of(mail, part)), client.get(f"/how-it-went/x/{part or 3}/")):
        assert answered["Cache-Control"] == "no-store"
        assert answered["Referrer-Policy"] == "no-referrer"
        assert answered["X-Robots-Tag"] == "noindex, nofollow"
        assert not answered.cookies


def test_other_sites_need_the_link_and_nothing_else(mail: FollowUp) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page_of(mail), {"score": "5", "by": "hand"}).status_code == 302
    assert said() == (5, "", "", True)


def test_what_is_too_large_is_not_read(client: Client, mail: FollowUp) -> None:
    longest = "score=5&by=hand&comment=" + "%F0%9F%8D%95" * 2000  # all of it pizzas
    as_form = "application/x-www-form-urlencoded"
    assert client.post(page_of(mail), longest, as_form).status_code == 302
    answered = client.post(page_of(mail), {"score": "1", "comment": "x" * LARGEST})
    assert answered.status_code == 413
    assert "That is too long" in words(answered)
    assert said()[0] == 5
    lies = client.post(page_of(mail), {}, headers={"Content-Length": "many"})
    assert lies.status_code == 413


SHOWN = ["select followup", "select resolution"]


def test_each_request_makes_the_same_few_queries(client: Client, mail: FollowUp) -> None:
    with assert_queries(SHOWN):
        client.get(page_of(mail, 4))
    locked = ["select followup", "select surveyresponse"]
    with assert_queries([*SHOWN, *locked, "insert surveyresponse"]):
        client.post(page_of(mail), {"score": "4", "by": "page"}, headers=SCRIPT)
    with assert_queries([*SHOWN, *locked, "update followup", "delete surveyresponse"]):
        client.post(page_of(mail), {"score": "3", "by": "page"}, headers=SCRIPT)
    with assert_queries([*SHOWN, *locked]):
        client.post(page_of(mail), {"score": "2", "by": "page"}, headers=SCRIPT)
    listed = ["select resolution", "select review"]  # a low score is looked at, once
    with assert_queries([*SHOWN, *locked, "insert surveyresponse", *listed, "insert review"]):
        client.post(page_of(mail), {"score": "2", "by": "hand", "comment": "x" * 2000})
    with assert_queries([*SHOWN, *locked, "update surveyresponse", "select resolution"]):
        client.post(page_of(mail), {"score": "1", "by": "hand"})
    with assert_queries(SHOWN):
        client.post(page_of(mail), {"score": "0", "by": "hand"})
    with assert_queries([]):
        client.post("/how-it-went/x/", {"score": "4"})
