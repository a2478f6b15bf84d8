"""The web never waits for the broker: with Redis down, cases are put right as fast as ever."""

import json
import time
from http.cookiejar import CookieJar
from statistics import median
from types import SimpleNamespace
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen
from uuid import uuid4

import pytest
from knox.models import AuthToken

from budgets.models import Budget
from resolutions.models import Case
from tests.cast import PASSWORD, Cast
from tests.jobs.programs import messages
from tests.pages import ticks, value_of
from tests.servers import Redis
from tests.web import running_granian

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_MOST = 3.0  # seconds; whoever waits for a Redis that is frozen waits for ever


class Agent:
    """Someone at the form, in a browser of their own, and with a program that calls the API."""

    def __init__(self, server: str, cast: Cast) -> None:
        self._server = server
        self._token = AuthToken.objects.create(user=cast.agent)[1]
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))
        self._send("/sign-in/", {"username": cast.agent.username, "password": PASSWORD})

    def gives_by_form(self) -> float:
        """Give 1.00 by the form; how many seconds the form and the giving took."""
        begun = time.monotonic()
        self._send(
            "/cases/new/",
            {"reason_code": "late", "channel": "phone", "act": "give"} | ticks(money_off="1.00"),
        )
        return time.monotonic() - begun

    def gives_by_api(self) -> float:
        """Give 1.00 by the API; how many seconds that took."""
        body = {"reason_code": "late", "channel": "web"}
        gives = [{"remedy": "money-off", "amount": "1.00"}]
        request = Request(
            f"{self._server}/api/v1/cases/",
            json.dumps(body | {"gives": gives}).encode(),
            {
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid4()),
            },
        )
        begun = time.monotonic()
        with urlopen(request, timeout=30) as answer:
            assert answer.status == 201
        return time.monotonic() - begun

    def _send(self, path: str, fields: dict[str, str]) -> None:
        """Fetch a form and send it filled in, as a browser does."""
        with self._browser.open(f"{self._server}{path}", timeout=30) as answer:
            form = SimpleNamespace(content=answer.read())
        hidden = {
            name: value_of(form, name)
            for name in ("csrfmiddlewaretoken", "request_id")
            if value_of(form, name)
        }
        sent = urlencode(fields | hidden).encode()
        with self._browser.open(f"{self._server}{path}", sent, timeout=30) as answer:
            assert answer.url != f"{self._server}{path}", "it was refused"


def test_with_redis_down_cases_are_put_right_as_fast_as_ever(forno: Cast, redis: Redis) -> None:
    took = {}
    with running_granian(extra_environment={"REDIS_URL": redis.url}) as server:
        agent = Agent(server, forno)

        def give(times: int) -> list[float]:
            return [
                act() for _ in range(times) for act in (agent.gives_by_form, agent.gives_by_api)
            ]

        took["there"] = give(4)
        assert messages(redis) == (0, 0), "nothing is sent to the broker by a request"
        redis.freeze()
        took["frozen"] = give(4)
        redis.thaw()
        redis.crash()
        took["gone"] = give(4)
        redis.begin()
        took["back"] = give(4)

    assert {state: times for state, times in took.items() if max(times) > AT_MOST} == {}
    assert median(took["gone"]) < 3 * median(took["there"])
    assert Case.objects.count() == 32
    assert Budget.objects.get().spent == 32
