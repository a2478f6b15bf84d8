"""The statement of a month in the browser: chosen by keyboard, and put on paper."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.budgets.month_of_everything import spend, top_up
from tests.cast import Cast
from tests.hands import assert_accessible_day_and_night, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.once]

MANY = 120
NOT_PRINTED = (".top", ".places", ".foot", ".skip", ".months", ".pages", ".off-paper")


@pytest.fixture
def worked(forno: Cast) -> datetime:
    """A driver's month of many entries, which is this one, and an earlier one."""
    now = datetime.now(UTC)
    spend(forno.agent, "1.00", now - timedelta(days=45))
    for number in range(MANY):
        entry = spend(forno.agent, "0.05", now, f"Gift {number}")
    top_up(entry.budget, "1.00", forno.manager, now, reason="W" * 200)
    return now


def test_months_are_chosen_with_the_keyboard_and_on_a_phone(
    granian_server: str, page: "Page", worked: datetime
) -> None:
    sign_in(page, granian_server, "forno.driver1")
    page.goto(f"{granian_server}/month/")
    this_month = page.get_by_role("heading", level=1).inner_text()
    page.get_by_text("All your months").focus()
    page.keyboard.press("Enter")
    months = page.get_by_role("navigation", name="Your months").get_by_role("listitem")
    expect(months).to_have_count(2)
    assert_accessible_day_and_night(page, "all months")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/month/20*/")
    expect(page.get_by_text("This month ended on")).to_be_visible()
    page.get_by_role("link", name=this_month).first.click()
    expect(page.get_by_text("Full again on")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(101)
    expect(page.get_by_role("rowheader").first).to_contain_text("Topped up by Manager: WWW")


def test_on_paper_it_is_a_statement_with_every_row_and_nothing_else(
    granian_server: str, page: "Page", worked: datetime
) -> None:
    sign_in(page, granian_server, "forno.driver1")
    page.goto(f"{granian_server}/month/")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_text("These are entries 1 to 100 of 122.")).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Show all 122, to print").click()
    page.wait_for_url("**/month/?all")

    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Statement of")
    expect(page.get_by_text("Driver1 (forno.driver1)")).to_be_visible()
    expect(page.get_by_role("heading", name="Forno")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_count(MANY + 2)
    expect(page.get_by_role("rowheader").last).to_be_visible()
    for name in NOT_PRINTED:
        expect(page.locator(name).locator("visible=true")).to_have_count(0)
    colours = "(e) => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    black_on_white = ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.locator("html").evaluate(colours) == black_on_white
    whole = "(row) => getComputedStyle(row).breakInside"
    assert page.locator("tbody tr").first.evaluate(whole) == "avoid"
