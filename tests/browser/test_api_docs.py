"""The page that documents the API: everything from this host, under the strict policy."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browsers import PageMaker

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_the_api_can_be_read_and_tried_out(granian_server: str, new_page: PageMaker) -> None:
    page: Page = new_page(width=1200)
    page.goto(f"{granian_server}/api/v1/docs/")

    page.get_by_text("Open a case and put it right, in one go").first.wait_for()
    page.locator("[id$=ask_what_can_be_given]").first.click()
    page.get_by_text("The more is told, the more is known").wait_for()
    page.get_by_role("button", name="Try it out").first.click()
    page.get_by_role("button", name="Execute").first.click()
    page.get_by_text("not-authenticated").first.wait_for()


def test_a_problem_is_explained_to_a_person(granian_server: str, page: "Page") -> None:
    page.goto(f"{granian_server}/api/problems/outside-authority")
    expect(page.get_by_role("heading")).to_have_text("This is beyond what you may give")
    page.get_by_role("link", name="Every problem the API answers with").click()
    expect(page.get_by_role("link", name="This key was used for something else")).to_be_visible()
