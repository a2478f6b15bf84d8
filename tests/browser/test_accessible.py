"""Every page of the agents, looked at by axe: phone and desktop, each in the light and dark."""

import pytest

from tests.browsers import PageMaker
from tests.cast import Cast
from tests.gaps import answered, refuse
from tests.hands import assert_accessible_day_and_night, chip, headline, open_form, sign_in
from tests.putting_right import KIM_LEE, put_right, so_much

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def lived_in(scm: Cast) -> int:
    """A division with rules of all kinds and a case, whose number is given."""
    scm.rule("No upgrades", effect="forbid", remedies=["plan-upgrade"])
    scm.rule("At most fifty", value="50.00", remedies=["bill-credit"])
    scm.rule("By order", measure="percent", value="10", remedies=["fee-waiver"])
    gaps = [refuse(scm.agent, so_much("bill-credit", "90.00"), reason_code="outage") for _ in "12"]
    answered(scm, gaps[0])
    receipt = put_right(
        scm.agent, so_much("bill-credit", "5.00"), reason_code="outage", customer=KIM_LEE
    )
    number: int = receipt["id"]
    return number


PATHS = (
    *("/", "/cases/", "/cases/new/", "/handbook/", "/month/", "/month/2026-11/?all"),
    *("/could-not/", "/could-not/mine/", "/nowhere/"),
)
WIDTHS = [360, 1280]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible(
    granian_server: str, new_page: PageMaker, lived_in: int, width: int
) -> None:
    page = new_page(width=width)
    page.goto(f"{granian_server}/sign-in/")
    assert_accessible_day_and_night(page, "sign-in")
    sign_in(page, granian_server, "scm.rep1")
    for path in PATHS:
        page.goto(granian_server + path)
        assert_accessible_day_and_night(page, path)
    page.goto(f"{granian_server}/cases/{lived_in}/")
    page.get_by_text("The customer came back").click()
    assert_accessible_day_and_night(page, "the case")
    page.goto(f"{granian_server}/cases/{lived_in}/give/")
    assert_accessible_day_and_night(page, "something more")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_form_is_accessible_in_every_state(
    granian_server: str, new_page: PageMaker, lived_in: int, width: int
) -> None:
    page = new_page(width=width)
    open_form(page, granian_server, "scm.rep1")
    chip(page, "Slow data").click()
    page.get_by_label("Customer").fill(KIM_LEE.reference)
    page.get_by_text("was here before").wait_for()
    page.get_by_text("An explanation was enough").click()
    assert_accessible_day_and_night(page, "what can be given")

    headline(page, "Bill credit").click()
    headline(page, "Extra data").click()
    headline(page, "Something else").click()
    page.get_by_role("textbox", name="How much? Bill credit").fill("900")
    page.get_by_text("That is more than you may give.", exact=True).wait_for()
    assert_accessible_day_and_night(page, "too much")
    page.get_by_role("textbox", name="How much? Something else").fill("175")
    page.locator("#id_description-something-else").fill("A bicycle")
    page.get_by_text("You decide now; your lead reads it afterwards.").first.wait_for()
    assert_accessible_day_and_night(page, "a little further")

    page.locator("#give").click()
    page.get_by_role("heading", name="What you can do instead").wait_for()
    assert_accessible_day_and_night(page, "refused")
    page.get_by_role("textbox", name="How much? Bill credit").fill("a lot")
    page.locator("#give").click()
    page.get_by_role("heading", name="Look at this once more").wait_for()
    assert_accessible_day_and_night(page, "errors")
