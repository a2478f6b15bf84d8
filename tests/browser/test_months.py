"""Finance closes a month in the browser: by keyboard, on a phone and at a desk, day and night."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from employees.models import Division, Employee, Team
from reports.models import PeriodClose
from tests.browser.test_small_and_big import TOO_SMALL, TOO_WIDE
from tests.browsers import PageMaker
from tests.cast import PASSWORD, Cast
from tests.closing import closed, finance_of, gave, with_codes
from tests.hands import assert_accessible_day_and_night, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = 360

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def finance(forno: Cast) -> Employee:
    """Forno's finance: the month before last is closed, and the last one is theirs to close."""
    with_codes(forno)
    last = datetime.now(UTC).replace(day=1, hour=17) - timedelta(days=10)
    before = last.replace(day=1) - timedelta(days=10)
    for at in (before, last):
        gave(forno.agent, "5.00", at)
        gave(forno.people["forno.driver3"], "10.00", at, remedy="voucher")
    closed(forno, f"{before:%Y-%m}")
    Team.objects.filter(name="Queens").update(cost_centre="")
    person = finance_of(forno)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def fits(page: "Page", what: str) -> None:
    """Fail if anything on the page is cut off, too small to hit or hard to reach."""
    assert page.evaluate(TOO_WIDE) == 0, what
    on_a_phone = page.evaluate("() => innerWidth") == PHONE
    assert not on_a_phone or page.evaluate(TOO_SMALL) == [], what
    assert_accessible_day_and_night(page, what)


@pytest.mark.parametrize("width", [PHONE, 1200])
def test_a_month_is_closed_with_the_keyboard(
    granian_server: str, new_page: PageMaker, finance: Employee, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, granian_server, finance.username)
    page.goto(f"{granian_server}/finance/months/")
    fits(page, "months")
    page.get_by_role("link", name="Look at").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/next/forno/")
    expect(page.get_by_text("The cost centre of Queens")).to_be_visible()
    page.get_by_text("2 lines").click()
    expect(page.get_by_role("rowheader").first).to_contain_text("Money off the bill")
    fits(page, "the next month")
    button = page.get_by_role("button", name="Close ")
    expect(button).to_contain_text("$11.00")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/finance/months/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is closed")
    fits(page, "a closed month")
    assert PeriodClose.objects.count() == 2

    with page.expect_download() as file:
        page.get_by_role("link", name="Journal forno").click()
    assert file.value.suggested_filename.endswith(".csv")

    page.goto(f"{granian_server}/finance/months/next/forno/")
    expect(page.get_by_text("still runs")).to_be_visible()
    fits(page, "not closed")


def test_long_names_and_codes_fit_on_a_phone(
    granian_server: str, page: "Page", finance: Employee
) -> None:
    Division.objects.update(name="W" * 80, budget_account="9" * 40)
    Team.objects.update(cost_centre="W" * 40)
    Division.objects.get().remedies.update(name="W" * 80, gl_account="W" * 40)
    sign_in(page, granian_server, finance.username)
    for path in ("", "next/forno/", f"{PeriodClose.objects.get().pk}/"):
        page.goto(f"{granian_server}/finance/months/{path}")
        fits(page, path)
