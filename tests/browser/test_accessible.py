"""Every page of the agents, looked at by axe: on a phone by day, and on a desk at night."""

from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast
from tests.gaps import answered, refuse
from tests.hands import chip, headline, look_at, open_form, sign_in
from tests.putting_right import KIM_LEE, put_right, so_much

if TYPE_CHECKING:
    from playwright.sync_api import Page

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


def test_every_page_is_accessible(granian_server: str, page: "Page", lived_in: int) -> None:
    page.goto(f"{granian_server}/sign-in/")
    look_at(page, "sign-in")
    sign_in(page, granian_server, "scm.rep1")
    for path in PATHS:
        page.goto(granian_server + path)
        look_at(page, path)
    page.goto(f"{granian_server}/cases/{lived_in}/")
    page.get_by_text("The customer came back").click()
    look_at(page, "the case")
    page.goto(f"{granian_server}/cases/{lived_in}/give/")
    look_at(page, "something more")


def test_the_form_is_accessible_in_every_state(
    granian_server: str, page: "Page", lived_in: int
) -> None:
    open_form(page, granian_server, "scm.rep1")
    chip(page, "Slow data").click()
    page.get_by_label("Customer").fill(KIM_LEE.reference)
    page.get_by_text("was here before").wait_for()
    page.get_by_text("An explanation was enough").click()
    look_at(page, "what can be given")

    headline(page, "Bill credit").click()
    headline(page, "Extra data").click()
    headline(page, "Something else").click()
    page.get_by_role("textbox", name="How much? Bill credit").fill("900")
    page.get_by_text("That is more than you may give.", exact=True).wait_for()
    look_at(page, "too much")
    page.get_by_role("textbox", name="How much? Something else").fill("175")
    page.locator("#id_description-something-else").fill("A bicycle")
    page.get_by_text("You decide now; your lead reads it afterwards.").first.wait_for()
    look_at(page, "a little further")

    page.locator("#give").click()
    page.get_by_role("heading", name="What you can do instead").wait_for()
    look_at(page, "refused")
    page.get_by_role("textbox", name="How much? Bill credit").fill("a lot")
    page.locator("#give").click()
    page.get_by_role("heading", name="Look at this once more").wait_for()
    look_at(page, "errors")
