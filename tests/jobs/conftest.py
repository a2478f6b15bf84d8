"""What the tests of the jobs may ask for besides: a Redis that they may crash."""

from collections.abc import Iterator

import pytest

from tests.servers import Redis


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis of the test's own."""
    server = Redis()
    try:
        yield server
    finally:
        server.thaw()
        server.stop()
