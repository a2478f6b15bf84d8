"""What the tests of the case form begin with."""

from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast
from tests.hands import open_form

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def form(granian_server: str, page: "Page", forno: Cast) -> "Page":
    """A driver's empty form, on a phone."""
    open_form(page, granian_server, "forno.driver1")
    return page
