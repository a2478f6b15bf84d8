"""What could not be carried out is given back: by keyboard, without scripts, and in the admin."""

import pytest
from playwright.sync_api import expect

from resolutions.models import Resolution
from tests.admin.desk import address
from tests.browsers import PageMaker
from tests.cast import Cast
from tests.giving_back import LOST
from tests.hands import assert_accessible_day_and_night, fits, sign_in
from tests.putting_right import put_right, so_many

pytestmark = [pytest.mark.browser, pytest.mark.once]

COULD_NOT = "It could not be carried out"


@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_given_back_by_keyboard(
    granian_server: str, new_page: PageMaker, forno: Cast, width: int
) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))
    page = new_page(width=width)
    sign_in(page, granian_server, "forno.driver1")
    page.goto(f"{granian_server}/cases/{receipt['id']}/")
    assert_accessible_day_and_night(page, "what was given")
    page.locator("summary", has_text=COULD_NOT).first.focus()
    page.keyboard.press("Enter")
    assert_accessible_day_and_night(page, "giving back")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write why it could not be carried out")).to_be_visible()
    assert_accessible_day_and_night(page, "no reason")
    page.keyboard.type(LOST)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Money back")).to_be_visible()
    assert_accessible_day_and_night(page, "given back")
    assert fits(page)


def test_it_is_given_back_without_scripts(
    granian_server: str, new_page: PageMaker, forno: Cast
) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"))
    page = new_page(javascript=False)
    sign_in(page, granian_server, "forno.driver1")
    page.goto(f"{granian_server}/cases/{receipt['id']}/")
    page.get_by_text(COULD_NOT).click()
    page.get_by_label("Why could it not be carried out?").fill(LOST)
    page.get_by_role("button", name="Give back $5.00").click()
    expect(page.get_by_role("heading", name="Open")).to_be_visible()
    expect(page.get_by_text(LOST)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_manager_gives_it_back_in_the_admin(
    granian_server: str, new_page: PageMaker, forno: Cast, width: int
) -> None:
    put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))
    pizza = Resolution.objects.get(remedy__code="free-pizza")
    page = new_page(width=width)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}{address(Resolution, 'change', pizza.pk)}")
    assert_accessible_day_and_night(page, "what was given")
    page.get_by_role("link", name="Give back…").click()
    page.get_by_role("button", name="Give back $5.00").click()
    assert_accessible_day_and_night(page, "no reason")
    page.get_by_label("Why could it not be carried out?").fill(LOST)
    page.get_by_role("button", name="Give back $5.00").click()
    page.get_by_role("heading", name="Given back").wait_for()
    assert_accessible_day_and_night(page, "given back")
    page.goto(f"{granian_server}{address(Resolution, 'changelist')}")
    assert_accessible_day_and_night(page, "the list")
