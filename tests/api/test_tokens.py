"""A name and password get a token; the token opens everything else, until it ends."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from tests.api.client import Api, assert_problem
from tests.cast import PASSWORD, Cast


def ask_for_token(username: str, password: str) -> Any:
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return Client().post("/api/v1/tokens/", headers={"Authorization": f"Basic {pair}"})


def test_name_and_password_get_a_token(forno: Cast) -> None:
    answer = ask_for_token("forno.driver1", PASSWORD)

    assert answer.status_code == 201
    token = answer.json()["token"]
    assert Api(token=token).get("me/").json()["username"] == "forno.driver1"
    assert token not in AuthToken.objects.get().digest, "only a hash of it is kept"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("forno.driver1", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("forno.driver1\x00", PASSWORD),
        ("x" * 5000, PASSWORD),
        ("förnö", "pässword"),
    ],
)
def test_a_wrong_name_or_password_gets_none(forno: Cast, username: str, password: str) -> None:
    answer = ask_for_token(username, password)

    told = assert_problem(answer, 401, "not-authenticated")
    assert told["detail"] == "The user name or the password is not right."
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Leeway"'
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic %%%", "Basic eA==", "Bearer x", "Basic a b"]
)
def test_a_token_needs_a_name_and_password(forno: Cast, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = Client().post("/api/v1/tokens/", headers=headers)

    assert_problem(answer, 401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_eight_wrong_passwords_close_the_door_even_to_the_right_one(forno: Cast) -> None:
    for _ in range(7):
        assert_problem(ask_for_token("forno.driver1", "wrong"), 401, "not-authenticated")

    assert_problem(ask_for_token("forno.driver1", "wrong"), 429, "locked-out")
    assert_problem(ask_for_token("forno.driver1", PASSWORD), 429, "locked-out")
    assert ask_for_token("forno.driver2", PASSWORD).status_code == 201


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/x-nothing"])
def test_a_wrong_password_is_counted_whatever_comes_with_it(forno: Cast, kind: str) -> None:
    wrong = base64.b64encode(b"forno.driver1:wrong").decode()
    answers = [
        Client().post(
            "/api/v1/tokens/",
            b"{not to be read",
            content_type=kind,
            headers={"Authorization": f"Basic {wrong}"},
        )
        for _ in range(8)
    ]

    assert [answer.status_code for answer in answers] == [401] * 7 + [429]


def test_the_right_password_forgives_wrong_ones_before_it(forno: Cast) -> None:
    for _ in range(2):
        for _ in range(7):
            ask_for_token("forno.driver1", "wrong")
        assert ask_for_token("forno.driver1", PASSWORD).status_code == 201


@pytest.mark.parametrize(
    "token",
    ["forged", "0" * 64, "x" * 100_000, "ünïcode", "a.b-c", "f00\x00", "' OR 1=1 --"],
)
def test_a_forged_token_opens_nothing(forno: Cast, token: str) -> None:
    answer = Api(token=token).get("me/")

    assert_problem(answer, 401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_no_token_opens_nothing(forno: Cast) -> None:
    for path in ("me/", "cases/", "policies/", "cases/1/"):
        assert_problem(Api().get(path), 401, "not-authenticated")
    for path in ("cases/", "authority/", "cases/1/resolutions/", "cases/1/close/"):
        assert_problem(Api().post(path, {}), 401, "not-authenticated")


def test_being_signed_in_to_the_pages_opens_nothing(forno: Cast) -> None:
    browser = Client()
    browser.force_login(forno.agent, backend="employees.roles.RoleBackend")

    assert_problem(browser.get("/api/v1/me/"), 401, "not-authenticated")


def test_a_token_ends_when_it_was_said_to(forno: Cast) -> None:
    api = Api(forno.agent)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert api.get("me/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        told = assert_problem(api.get("me/"), 401, "not-authenticated")
    assert "expired" in told["detail"]


def test_expired_tokens_are_swept_when_a_new_one_is_given(forno: Cast) -> None:
    Api(forno.agent)
    AuthToken.objects.update(expiry=timezone.now() - timedelta(days=1))
    ask_for_token("forno.driver1", PASSWORD)

    assert AuthToken.objects.count() == 1


def test_whoever_left_is_let_in_no_more(forno: Cast) -> None:
    api = Api(forno.agent)
    forno.agent.is_active = False
    forno.agent.save(update_fields=["is_active"])

    assert_problem(api.get("me/"), 401, "not-authenticated")
    assert_problem(ask_for_token("forno.driver1", PASSWORD), 401, "not-authenticated")


def test_a_token_that_is_given_back_opens_nothing_more(forno: Cast) -> None:
    phone, tablet = Api(forno.agent), Api(forno.agent)

    assert phone.delete("tokens/").status_code == 204
    assert_problem(phone.get("me/"), 401, "not-authenticated")
    assert tablet.get("me/").status_code == 200
