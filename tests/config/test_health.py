"""`GET /health/` tells whether the database and the broker answer."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens where the broker should be."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", NOWHERE)


@pytest.fixture
def no_database() -> Iterator[None]:
    """Nothing can be opened where the database should be."""
    there = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "/nowhere/at/all"
    yield
    connection.settings_dict["NAME"] = there


def test_all_is_well(client: Client) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "services": {"database": "ok", "broker": "ok"}}
    assert "no-store" in answer["Cache-Control"]


def test_a_browser_gets_a_page(client: Client) -> None:
    answer = client.get("/health/", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer["Content-Type"].startswith("text/html")
    assert "Leeway: ok" in answer.content.decode()


def test_a_dead_broker_is_told_and_agents_go_on(client: Client, no_broker: None) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "services": {"database": "ok", "broker": "down"}}


def test_an_alarm_can_ask_strictly(client: Client, no_broker: None) -> None:
    assert client.get("/health/?strict=1").status_code == 503


def test_nothing_works_without_the_database(client: Client, no_database: None) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert answer.json()["services"]["database"] == "down"
