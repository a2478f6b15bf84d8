"""Looking afterwards in a browser: by keyboard, without scripts, and accessible in every state."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from resolutions.models import Review
from resolutions.reviews import owe_review_of_low_score
from tests.browsers import PageMaker
from tests.cast import Cast
from tests.hands import assert_accessible_day_and_night, fits, sign_in
from tests.putting_right import NOW
from tests.reviewing import LEARN, went_further

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.once]

WITH_A_NOTE = "Backed, with a note"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_lead_backs_a_decision_by_keyboard(
    granian_server: str, new_page: PageMaker, scm: Cast, width: int
) -> None:
    for agent in (scm.agent, scm.colleague):
        owe_review_of_low_score(went_further(scm, agent=agent).case, at=NOW)
    page: Page = new_page(width=width)
    sign_in(page, granian_server, "scm.lead1")
    page.get_by_role("link", name="Sidelines").click()
    page.get_by_role("link", name="to look at afterwards").click()
    assert_accessible_day_and_night(page, "what waits")

    page.locator("summary", has_text=WITH_A_NOTE).first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write what there is to learn from it")).to_be_visible()
    expect(page.get_by_role("textbox", name="What is there to learn")).to_be_focused()
    assert_accessible_day_and_night(page, "no note")
    assert fits(page)
    page.keyboard.type(LEARN)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is looked at.")
    page.get_by_role("button", name="Backed").first.press("Enter")
    expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    assert_accessible_day_and_night(page, "what was said lately")
    assert Review.objects.to_look_at().count() == 0


def test_who_decided_reads_it_without_scripts(
    granian_server: str, new_page: PageMaker, scm: Cast
) -> None:
    number = went_further(scm).case.number
    manager: Page = new_page(width=1280, javascript=False)
    sign_in(manager, granian_server, "scm.manager")
    manager.get_by_role("link", name="Looked at afterwards").click()
    manager.get_by_text(WITH_A_NOTE).click()
    manager.get_by_label("What is there to learn from it?").fill(LEARN)
    manager.get_by_role("button", name="Back it with this note").click()
    expect(manager.get_by_role("status")).to_contain_text(number)

    agent: Page = new_page()
    sign_in(agent, granian_server, "scm.rep1")
    expect(agent.get_by_text(f"Manager backed you: {number}")).to_be_visible()
    expect(agent.get_by_text(LEARN)).to_be_visible()
    assert_accessible_day_and_night(agent, "the desk, with what was said")
    agent.get_by_role("button", name="I have read it").click()
    agent.get_by_role("heading", name="Lately").wait_for()
    expect(agent.get_by_text("backed you")).to_have_count(0)
