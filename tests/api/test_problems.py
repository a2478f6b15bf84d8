"""Whatever goes wrong, the answer is a problem, and shows nothing of the program's inside."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.handlers.exception import response_for_exception
from django.db import DatabaseError
from django.test import Client, RequestFactory

from config.api.problem_types import TYPES
from config.api.problems import flat
from tests.api.client import Api, assert_problem
from tests.cast import Cast

NOWHERE = [
    "/api/",
    "/api/v1/",
    "/api/v2/cases/",
    "/api/v1/case/",
    "/api/v1/cases",
    "/api/v1/cases/x/",
]


@pytest.mark.once
@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
def test_an_unknown_address_is_a_problem(db: None, path: str, method: str) -> None:
    assert_problem(getattr(Client(), method)(path), 404, "not-found")


@pytest.mark.once
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("put", "cases/", "GET, POST"),
        ("delete", "cases/1/", "GET"),
        ("patch", "cases/1/", "GET"),
        ("get", "authority/", "POST"),
        ("get", "tokens/", "POST, DELETE"),
        ("options", "me/", "GET"),
        ("trace", "me/", "GET"),
    ],
)
def test_a_method_that_there_is_not_is_a_problem(
    forno: Cast, method: str, path: str, allowed: str
) -> None:
    api = Api(forno.agent)
    headers = api._headers()
    if path == "tokens/":
        headers = {"Authorization": "Basic Zm9ybm8uZHJpdmVyMTpsZWV3YXk="}
    answer = getattr(api.client, method)(f"/api/v1/{path}", headers=headers)

    assert_problem(answer, 405, "method-not-allowed")
    assert set(allowed.split(", ")) <= set(answer.headers["Allow"].split(", "))


def test_a_form_of_the_answer_that_there_is_not_is_a_problem(forno: Cast) -> None:
    api = Api(forno.agent)
    answer = api.client.get("/api/v1/me/", headers=api._headers() | {"Accept": "text/csv"})

    assert_problem(answer, 406, "not-acceptable")


def test_an_error_of_ours_shows_nothing_of_our_inside(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise DatabaseError("relation secret_table does not exist")

    monkeypatch.setattr("config.api.me.me_json", break_down)
    api = Api(forno.agent)
    api.client.raise_request_exception = False
    answer = api.get("me/")

    assert_problem(answer, 500, "server-error")
    assert b"secret" not in answer.content
    assert b"Traceback" not in answer.content


def test_what_django_itself_refuses_is_a_problem_only_under_api(db: None) -> None:
    for error, status, code in (
        (SuspiciousOperation("x"), 400, "malformed"),
        (PermissionDenied("x"), 403, "forbidden"),
    ):
        below = RequestFactory().get("/api/v1/cases/")
        assert_problem(response_for_exception(below, error), status, code)
        page = response_for_exception(RequestFactory().get("/elsewhere/"), error)
        assert page.headers["Content-Type"].startswith("text/html")


@pytest.mark.once
@pytest.mark.parametrize("code", TYPES)
def test_each_type_of_problem_leads_to_a_page_that_explains_it(db: None, code: str) -> None:
    page = Client().get(TYPES[code].uri)

    assert page.status_code == 200
    assert TYPES[code].title in page.content.decode().replace("&#x27;", "'")
    assert code.encode() in page.content


@pytest.mark.once
def test_all_types_are_listed_and_no_others(db: None) -> None:
    listed = Client().get("/api/problems/").content.decode()

    assert all(kind.uri in listed for kind in TYPES.values())
    assert_problem(Client().get("/api/problems/no-such"), 404, "not-found")


def test_nested_errors_are_told_by_one_path_each() -> None:
    nested = {"a": ["x"], "gives": [{}, {"amount": ["y", "z"]}], "c": {"non_field_errors": ["w"]}}

    assert flat(nested) == {"a": ["x"], "gives.1.amount": ["y", "z"], "c": ["w"]}
    assert flat(["all of it"]) == {"body": ["all of it"]}
