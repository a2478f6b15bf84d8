"""Signing in and out: each lands on their own front page, and guessers are kept out."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from config.demo.accounts import ACCOUNTS, PASSWORD
from employees.models import Employee
from tests.cast import PASSWORD as EVERYONES
from tests.cast import Cast
from tests.pages import client_of, words

if TYPE_CHECKING:
    from pytest_django import Settings


def sign_in(username: str, password: str = EVERYONES, *, then: str = "") -> tuple[Client, str]:
    client = Client()
    told = {"username": username, "password": password, "next": then}
    return client, client.post("/sign-in/", told).headers.get("Location", "")


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("forno.driver1", "/"),
        ("forno.lead1", "/"),
        ("forno.manager", "/admin/"),
        ("admin", "/admin/"),
        ("finance", "/finance/"),
    ],
)
def test_everyone_lands_on_their_own_front_page(
    forno: Cast, head_office: dict[str, Employee], who: str, place: str
) -> None:
    client, led_to = sign_in(who)
    assert led_to == place
    assert client.get("/sign-in/")["Location"] == place, "signed in, one is led on"


def test_who_asked_for_a_page_gets_it_after_signing_in(forno: Cast) -> None:
    asked = Client().get("/cases/new/")
    assert asked["Location"] == "/sign-in/?next=/cases/new/"
    assert sign_in("forno.driver1", then="/cases/new/")[1] == "/cases/new/"


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/afterwards/?page=2", "/afterwards/%3Fpage%3D2"),
        ("https://example.com/afterwards/", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_who_sent_a_form_is_led_to_the_page_that_it_stood_on(came_from: str, leads_to: str) -> None:
    answer = Client().post("/afterwards/1/", headers={"referer": came_from})
    assert answer["Location"] == f"/sign-in/?next={leads_to}"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "/\\example.com"])
def test_nobody_is_led_to_another_host(forno: Cast, elsewhere: str) -> None:
    assert sign_in("forno.driver1", then=elsewhere)[1] == "/"


def test_a_wrong_password_is_answered_the_same_for_everyone(forno: Cast) -> None:
    answers = set()
    for username in ("forno.driver1", "nobody"):
        answer = Client().post("/sign-in/", {"username": username, "password": "wrong"})
        answers.add(words(answer))
        assert "don't belong together" in words(answer)
    assert len(answers) == 1


def test_a_closed_account_stays_outside(forno: Cast) -> None:
    forno.agent.is_active = False
    forno.agent.save()
    assert sign_in("forno.driver1")[1] == ""
    assert client_of(forno.agent).get("/").status_code == 302


def test_guessing_closes_the_door_for_a_while_and_says_so(forno: Cast) -> None:
    client = Client()
    for _ in range(9):
        answer = client.post("/sign-in/", {"username": "forno.driver1", "password": "wrong"})
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in words(answer)
    right = client.post("/sign-in/", {"username": "forno.driver1", "password": EVERYONES})
    assert right.status_code == 429
    other = client.post("/sign-in/", {"username": "forno.driver2", "password": EVERYONES})
    assert other.status_code == 302, "a colleague at the same place is not shut out"


def test_signing_out_ends_it_and_needs_a_press_of_a_button(forno: Cast) -> None:
    client = client_of(forno.agent)
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/")["Location"] == "/sign-in/?next=/"


def test_the_demos_accounts_are_listed_in_the_demo_and_only_there(
    db: None, settings: "Settings"
) -> None:
    assert "This is the demo" not in words(Client().get("/sign-in/"))
    settings.DEMO_ACCOUNTS, settings.DEMO_PASSWORD = ACCOUNTS, PASSWORD
    said = words(Client().get("/sign-in/"))
    assert "Everyone’s password is leeway" in said
    for username, who in ACCOUNTS:
        assert f"{username} {who}" in said


def test_a_page_that_is_not_there_says_so_kindly(forno: Cast) -> None:
    answer = client_of(forno.agent).get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here for you" in words(answer)
    assert "Traceback" not in words(answer)


def test_finance_and_administrators_have_no_desk_even_with_a_tier(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    for person in head_office.values():
        Employee.objects.filter(pk=person.pk).update(
            division=forno.division, team=forno.teams["Queens"], tier=forno.tiers["Driver"]
        )
        for page in ("/cases/new/", "/cases/", "/handbook/", "/month/"):
            answer = client_of(person).get(page)
            assert answer.status_code == 200
            assert "Welcome, " in words(answer)
