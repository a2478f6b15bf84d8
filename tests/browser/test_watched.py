"""Pages are watched: what they may not do fails their test."""

import pytest
from playwright.sync_api import expect

from tests.browsers import PageMaker

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_a_page_that_asks_another_host_fails_its_test(
    new_page: PageMaker, granian_server: str
) -> None:
    page = new_page(dark=True)
    page.goto(f"{granian_server}/health/")
    expect(page).to_have_title("Leeway: ok")
    assert new_page.complaints == []

    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => null)")
    assert any("elsewhere.invalid" in complaint for complaint in new_page.complaints)
    new_page.complaints.clear()
