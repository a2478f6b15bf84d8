"""A dead Redis delays jobs and loses nothing; agents do not notice."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from config.cache import ForgivingClient, ForgivingRedisCache

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def redis_was_never_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin with a Redis that is believed to be there."""
    monkeypatch.setattr(ForgivingClient, "_away_until", 0.0)


@pytest.fixture
def folder_app(tmp_path: Path) -> Iterator[Celery]:
    """An app on the embedded broker, in a folder of its own."""
    app = Celery("folder", broker="folder://localhost", set_as_current=False)
    app.conf.broker_transport_options = {"folder": str(tmp_path / "jobs")}
    yield app
    app.close()


def test_without_redis_the_cache_is_empty_and_quick() -> None:
    cache = ForgivingRedisCache(NOWHERE, {})
    begun = time.monotonic()
    for _ in range(200):
        cache.set("seen", 1)
        assert cache.get("seen", "nothing") == "nothing"
    assert cache.get_many(["seen"]) == {}
    assert cache.add("seen", 1)
    assert not cache.delete("seen")
    assert time.monotonic() - begun < 2
    with pytest.raises(ValueError, match="not found"):
        cache.incr("seen")


def test_with_redis_the_cache_keeps(redis_url: str) -> None:
    cache = ForgivingRedisCache(redis_url, {})
    cache.set("seen", 1)
    assert cache.incr("seen") == 2
    assert cache.get("seen") == 2
    assert cache.delete("seen")


def test_a_request_does_not_wait_for_a_dead_broker() -> None:
    app = Celery("dead", broker=NOWHERE, set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    app.conf.task_publish_retry = settings.CELERY_TASK_PUBLISH_RETRY
    begun = time.monotonic()
    with pytest.raises(OperationalError):
        app.send_task("any.task")
    assert time.monotonic() - begun < 2


def test_a_message_in_the_folder_is_whole_or_not_there(folder_app: Celery) -> None:
    """A reader that never pauses takes hundreds of messages from a writer, and breaks on none."""
    sent = 300
    got: list[int] = []
    with folder_app.connection_for_write() as connection:
        queue = connection.SimpleQueue("whole")

        def write() -> None:
            with folder_app.connection_for_write() as other:
                for number in range(sent):
                    other.SimpleQueue("whole").put({"number": number, "padding": "x" * 5000})

        writer = Thread(target=write)
        writer.start()
        while len(got) < sent:
            message = queue.get(timeout=20)
            got.append(message.payload["number"])
            message.ack()
        writer.join()
    assert sorted(got) == list(range(sent))


def test_embedded_jobs_stay_in_the_data_folder(folder_app: Celery, tmp_path: Path) -> None:
    folder_app.send_task("any.task")
    [message] = (tmp_path / "jobs").glob("*.msg")
    assert message.stat().st_size > 100
