"""The API as a client program sees it, signed in as one employee."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.test import Client
from knox.models import AuthToken

from employees.models import Employee

PROBLEM = "application/problem+json"
_NEW = object()
_OURS = ("employees", "policies", "budgets", "resolutions", "reports")


class Api:
    """Requests with this employee's token. Bodies are sent as JSON, or as they are if bytes."""

    def __init__(self, employee: Employee | None = None, *, token: str = "") -> None:
        self.client = Client()
        if employee is not None:
            _, token = AuthToken.objects.create(user=employee)
        self.token = token

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: Any = _NEW, **headers: str) -> Any:
        """Send something to be done, with a new key unless one is told; None sends none."""
        if key is not None:
            headers["Idempotency-Key"] = str(uuid4()) if key is _NEW else str(key)
        return self.client.post(
            f"/api/v1/{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type=headers.pop("content_type", "application/json"),
            headers=self._headers() | headers,
        )

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1/{path}", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def assert_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Fail unless the answer is this problem, told as the standard asks; return it."""
    assert answer.headers["Content-Type"] == PROBLEM, answer.content[:500]
    told: dict[str, Any] = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (status, code), told
    assert told["status"] == status
    assert told["type"].endswith(f"/{code}")
    assert told["title"]
    assert told["detail"]
    return told


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail if a row of ours was added or taken away, or money moved."""
    before = _rows()
    yield
    assert _rows() == before


def _rows() -> dict[str, Any]:
    counts = {
        model._meta.label: model._default_manager.count()
        for app in _OURS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    budgets = apps.get_model("budgets", "Budget")._default_manager
    return counts | {"spent": list(budgets.order_by("pk").values_list("pk", "spent"))}
