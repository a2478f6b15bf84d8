"""Nobody asks so often that others have to wait; a token can't be guessed at."""

from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache
from pytest_django import Settings

from tests.api.client import Api, assert_problem
from tests.api.test_tokens import ask_for_token
from tests.cast import PASSWORD, Cast

A_MINUTE = datetime.fromisoformat("2026-11-20T12:00:20+00:00")


@pytest.fixture(autouse=True)
def few(settings: Settings) -> None:
    settings.API_RATES = {"requests": "3/minute", "tokens": "2/hour"}


def test_too_many_requests_have_to_wait_until_the_minute_is_over(forno: Cast) -> None:
    with time_machine.travel(A_MINUTE, tick=False) as clock:
        api = Api(forno.agent)
        assert [api.get("me/").status_code for _ in range(3)] == [200] * 3
        answer = api.get("me/")
        assert_problem(answer, 429, "too-many-requests")
        assert answer.headers["Retry-After"] == "40"

        assert Api(forno.colleague).get("me/").status_code == 200, "each has their own"
        clock.shift(40)
        assert api.get("me/").status_code == 200


def test_a_second_token_is_no_second_allowance(forno: Cast) -> None:
    with time_machine.travel(A_MINUTE, tick=False):
        answers = [Api(forno.agent).get("me/").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_tokens_are_counted_before_the_password_is_looked_at(forno: Cast) -> None:
    with time_machine.travel(A_MINUTE, tick=False):
        assert ask_for_token("forno.driver1", "wrong").status_code == 401
        assert ask_for_token("forno.driver2", PASSWORD).status_code == 201
        assert_problem(ask_for_token("forno.driver3", PASSWORD), 429, "too-many-requests")


def test_without_a_rate_nobody_is_counted(forno: Cast, settings: Settings) -> None:
    settings.API_RATES = {"requests": "", "tokens": ""}
    api = Api(forno.agent)
    assert {api.get("me/").status_code for _ in range(10)} == {200}


def test_a_cache_that_forgets_stops_nobody(forno: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(forno.agent)
    monkeypatch.setattr(cache, "add", lambda *_, **__: False, raising=False)
    assert {api.get("me/").status_code for _ in range(5)} == {200}
