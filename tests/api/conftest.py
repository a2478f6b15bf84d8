"""What every test of the API may count on."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_requests_counted_yet() -> None:
    """Employees' numbers come again in the next test; what they asked before does not count."""
    cache.clear()
