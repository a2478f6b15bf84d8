"""The late pizza once more, over a real connection, with nothing but the standard library."""

import base64
import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.api.questions import wrong_order
from tests.cast import PASSWORD, bring_in
from tests.companies import FORNO


def call(method: str, url: str, body: Any = None, **headers: str) -> tuple[int, str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    if data:
        named["Content-Type"] = "application/json"
    try:
        with urlopen(Request(url, data, named, method=method), timeout=20) as answer:
            content = answer.read()
            return answer.status, answer.headers["Content-Type"], json.loads(content)
    except HTTPError as answer:
        return answer.code, answer.headers["Content-Type"], json.loads(answer.read())


@pytest.mark.django_db(transaction=True)
def test_the_late_pizza_over_a_real_connection(live_server: LiveServer) -> None:
    bring_in(FORNO)
    api = f"{live_server.url}/api/v1"
    pair = base64.b64encode(f"forno.driver1:{PASSWORD}".encode()).decode()

    status, _, told = call("POST", f"{api}/tokens/", Authorization=f"Basic {pair}")
    assert status == 201
    bearer = f"Bearer {told['token']}"

    status, _, options = call(
        "POST", f"{api}/authority/", {"reason_code": "late", "channel": "web"}, Authorization=bearer
    )
    assert (status, len(options["remedies"])) == (200, 4)

    first = call(
        "POST", f"{api}/cases/", wrong_order(), Authorization=bearer, Idempotency_Key="one"
    )
    again = call(
        "POST", f"{api}/cases/", wrong_order(), Authorization=bearer, Idempotency_Key="one"
    )
    assert first == again
    assert (first[0], first[2]["budget"]["left"]) == (201, "111.00")

    status, _, cases = call("GET", f"{api}/cases/?state=put-right", Authorization=bearer)
    assert [case["id"] for case in cases["results"]] == [first[2]["id"]]

    refused = call("POST", f"{api}/cases/", wrong_order(), Authorization=bearer)
    assert refused[:2] == (400, "application/problem+json")
