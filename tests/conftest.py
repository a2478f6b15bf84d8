"""What every test may ask for: people, real servers, a mail sink and a browser."""

import os
from collections.abc import Callable, Iterator
from email.message import Message
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from django.test import TransactionTestCase

from tests.browsers import KeptPages, PageMaker, started_browser
from tests.emptying import empty_the_tables
from tests.mail import Sink
from tests.servers import Redis, free_port
from tests.web import running_granian

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django import DjangoDbBlocker, Settings

pytest_plugins = ["tests.cast"]


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_quickly() -> Iterator[None]:
    """After a test with real transactions its rows are deleted, triggers or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_the_tables)
        yield


@pytest.fixture
def smtp_sink(settings: "Settings") -> Iterator[list[Message]]:
    """A real mail server. Gives the list of the mails that it received, in order."""
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    try:
        yield sink.messages
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis, also where the program under test runs without one."""
    if shared := os.environ.get("LEEWAY_TEST_REDIS"):
        yield f"{shared}?db=15"  # the plugin gives the lower ones to the test processes
        return
    server = Redis()
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def _granian(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[str]:
    with django_db_blocker.unblock(), running_granian() as url:
        yield url


@pytest.fixture
def granian_server(transactional_db: None, _granian: str) -> str:
    """The program as it is served in production, on the test database. Gives its address."""
    return _granian


@pytest.fixture(scope="session")
def kept_pages() -> Iterator[KeptPages]:
    """Chromium, one for all tests. Mark the tests with `pytest.mark.browser`."""
    with started_browser() as chromium:
        yield KeptPages(chromium)


@pytest.fixture
def new_page(kept_pages: KeptPages) -> Iterator[PageMaker]:
    """Makes pages: `new_page(width=360, dark=False)`; afterwards checks that none misbehaved."""
    maker = PageMaker(kept_pages)
    yield maker
    maker.close()


@pytest.fixture
def page(new_page: "Callable[[], Page]") -> "Page":
    """A page on a phone, 360 px wide, light."""
    return new_page()
