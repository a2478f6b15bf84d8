"""What every test of exports may ask for, and may count on."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache

from employees.models import Employee
from reports.exports import slots
from tests.cast import Cast
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World, everything


@pytest.fixture(autouse=True)
def no_requests_counted_yet() -> None:
    """Readers' numbers come again in the next test; what they asked before does not count."""
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """Whatever a test does: afterwards each export has given its place back."""
    yield
    Pulls.close_all()
    assert slots._slots._value == settings.EXPORTS_AT_ONCE


@pytest.fixture
def world(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> World:
    """Forno and Southern Cross Mobile, with something of everything."""
    return everything(forno, scm)


@pytest.fixture
def finance(head_office: dict[str, Employee]) -> Pulls:
    """The group's finance, with their own token."""
    return Pulls(head_office["finance"])
