"""The case page: what happened, what to say, and what can still be done."""

from uuid import uuid4

import pytest
from django.test import Client

from resolutions.models import AuthorityGap, Case, CaseState, Contact, FollowUp, NotAsked
from resolutions.problem import CustomerDetails
from resolutions.surveys import answer
from tests.cast import Cast
from tests.pages import client_of, send_case, ticks, value_of, words
from tests.putting_right import NOW, give_also, put_right, rows_written, so_many
from tests.surveys import asked, owed

KIM = CustomerDetails("555-0142", "Kim Lee", "kim@example.com")


@pytest.fixture
def driver(forno: Cast) -> Client:
    return client_of(forno.agent)


def test_a_case_that_is_put_right_says_so_and_what_to_say(driver: Client) -> None:
    answer = send_case(driver, reason_code="wrong-order", **ticks("reorder", free_pizza="1"))
    said = words(driver.get(answer["Location"]))
    assert "put right on the spot" in said
    assert "Put right Free pizza, 1 pizza and expedited reorder. $111.00 left this month." in said
    assert "Say it like this “I am sorry. Here is what I can do for you right now.”" in said
    assert "Wrong order told at the door today" in said
    assert "Free pizza, 1 pizza within your authority $5.00" in said
    assert "Expedited reorder within your authority $4.00" in said
    assert "Something more is needed" in said


def test_what_was_told_is_there_to_be_read(driver: Client, forno: Cast) -> None:
    receipt = put_right(
        forno.agent,
        so_many("reorder"),
        customer=KIM,
        order_value="23.50",
        order_reference="ORD-1",
        facts={"minutes_late": "35"},
        note="Dog in the yard.",
    )
    said = words(driver.get(f"/cases/{receipt['id']}/"))
    assert "What went wrong Late Minutes late 35 Customer Kim Lee · 555-0142 Order ORD-1" in said
    assert "Order value $23.50" in said
    assert "Dog in the yard." in said
    assert "We ask them how it went" in said


def test_an_open_case_is_closed_with_words_or_handed_over_with_a_reason(driver: Client) -> None:
    for number, (page, told, state) in enumerate(
        [
            ("close", {"said": "I explained it."}, CaseState.CLOSED),
            ("hand-over", {"to": "Legal", "reason": "It is about a law suit."}, "handed-over"),
        ]
    ):
        url = send_case(driver, act="open", reason_code="late")["Location"]
        case = Case.objects.order_by("pk")[number]
        before = rows_written()
        empty = driver.post(f"{url}{page}/", {"request_id": str(uuid4())})
        assert empty.status_code == 400
        assert "autofocus" in empty.content.decode()
        assert rows_written() == before

        answer = driver.post(f"{url}{page}/", told | {"request_id": str(uuid4())})
        assert answer["Location"] == url
        case.refresh_from_db()
        assert case.state == state
        driver.post(f"{url}take-up/", {"channel": "phone", "request_id": str(uuid4())})
        for text in told.values():
            assert text in words(driver.get(url)), "also when the case goes on"


def test_a_case_that_ended_can_not_be_closed_again(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    told = {"said": "Again.", "request_id": str(uuid4())}
    answer = driver.post(f"/cases/{receipt['id']}/close/", told)
    assert answer.status_code == 409
    assert Case.objects.get().state == CaseState.PUT_RIGHT


def test_a_customer_who_comes_back_opens_the_case_again(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    url = f"/cases/{receipt['id']}/"
    told = {"request_id": str(uuid4()), "channel": "phone", "note": "Cold this time."}
    assert driver.post(f"{url}take-up/", told)["Location"] == url
    assert driver.post(f"{url}take-up/", told)["Location"] == url, "a double tap"
    said = words(driver.get(url))
    assert "The customer came back by phone today" in said
    assert "Cold this time." in said
    assert "Open Late. $116.00 left this month. Put it right" in said
    assert Contact.objects.count() == 1


def test_what_could_not_be_done_is_said_in_ones_own_words(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    url = f"/cases/{receipt['id']}/could-not/"
    form = driver.get(url)
    assert "Nobody holds it against you." in words(form)
    told = {"request_id": value_of(form, "request_id"), "words": "A taxi home would have done it."}
    for _ in range(2):
        assert driver.post(url, told)["Location"] == f"/cases/{receipt['id']}/"
    gap = AuthorityGap.objects.get()
    assert (gap.words, gap.case_id) == (told["words"], receipt["id"])
    assert "A taxi home would have done it." in words(driver.get(f"/cases/{receipt['id']}/"))

    assert driver.post(url, {"words": " "}).status_code == 400
    assert driver.post("/could-not/", told | {"request_id": str(uuid4())}).status_code == 302
    assert "Thank you" in words(driver.get("/could-not/said/"))


@pytest.mark.once
def test_what_a_colleague_gave_is_told_with_their_name(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    give_also(receipt, forno.lead, so_many("free-pizza"))
    said = words(driver.get(f"/cases/{receipt['id']}/"))
    assert "Free pizza, 1 pizza within their authority $5.00 by Lead1" in said


def test_a_foreign_case_is_not_there_by_any_door(forno: Cast, scm: Cast) -> None:
    mine = put_right(forno.agent, so_many("reorder"), customer=KIM)["id"]
    before = rows_written()
    for stranger in (forno.colleague, scm.agent, scm.lead):
        client = client_of(stranger)
        assert client.get(f"/cases/{mine}/").status_code == 404
        assert client.get(f"/cases/{mine}/give/").status_code == 404
        for page in ("close", "hand-over", "take-up", "could-not", "continue", "give"):
            told = {"said": "x", "to": "x", "reason": "x", "channel": "phone", "words": "x"}
            assert client.post(f"/cases/{mine}/{page}/", told).status_code == 404
    assert client.get("/cases/999999999999999999999/").status_code == 404
    assert client.get("/cases/0/").status_code == 404
    assert rows_written() == before


@pytest.mark.once
def test_pages_that_change_something_are_not_opened_by_a_link(driver: Client, forno: Cast) -> None:
    mine = put_right(forno.agent, so_many("reorder"))["id"]
    for page in ("close", "hand-over", "take-up", "continue"):
        assert driver.get(f"/cases/{mine}/{page}/").status_code == 405


@pytest.mark.once
def test_a_form_from_another_site_is_refused_kindly(forno: Cast) -> None:
    client = client_of(forno.agent, enforce_csrf_checks=True)
    answer = client.post("/cases/new/", {"reason_code": "late"})
    assert answer.status_code == 403
    assert "Once more, please" in words(answer)


@pytest.mark.once
def test_the_story_tells_what_the_customer_said(driver: Client, forno: Cast) -> None:
    mail = asked(forno)
    url = f"/cases/{mail.case_id}/"
    assert "They said" not in words(driver.get(url))
    answer(mail, score=4, aspect="person", comment="<b>Lovely</b>, and quick.", by_hand=True)
    said = words(driver.get(url))
    assert "We asked them how it went" in said
    assert "They said: 4 of 5 about the person they spoke to" in said
    assert "“<b>Lovely</b>, and quick.”" in said
    assert client_of(forno.colleague).get(url).status_code == 404, "no case of theirs"


@pytest.mark.once
def test_the_story_tells_why_a_customer_is_not_asked(driver: Client, forno: Cast) -> None:
    mail = owed(forno, at=NOW)
    FollowUp.objects.update(not_asked=NotAsked.ASKED_LATELY)
    said = words(driver.get(f"/cases/{mail.case_id}/"))
    assert "Not asked how it went they were asked about another case lately" in said
    assert "We ask them" not in said
    FollowUp.objects.update(not_asked=NotAsked.NOT_PUT_RIGHT)
    Case.objects.update(state=CaseState.HANDED_OVER, outcome_note="The oven is broken.")
    said = words(driver.get(f"/cases/{mail.case_id}/"))
    assert "Not asked how it went it was not put right in the end" in said
