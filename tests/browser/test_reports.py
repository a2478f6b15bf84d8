"""Reports in the browser: by keyboard, on a phone and at a desk, day and night, and on paper."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from employees.models import Division, Team
from tests.browser.test_small_and_big import TOO_SMALL, TOO_WIDE
from tests.browsers import PageMaker
from tests.cast import PASSWORD, Cast
from tests.closing import finance_of
from tests.hands import assert_accessible, assert_accessible_day_and_night, sign_in
from tests.putting_right import put_right, so_much
from tests.rolled_up import cost_on, ended_on, refused_on

if TYPE_CHECKING:
    from datetime import date

    from playwright.sync_api import Page, Response

PHONE = 360

pytestmark = [pytest.mark.browser, pytest.mark.once]


def months() -> list["date"]:
    """A day of the last month, and of each of the eleven before it."""
    day, found = datetime.now(UTC).date(), []
    for _ in range(12):
        day = day.replace(day=1) - timedelta(days=10)
        found.append(day)
    return found


def lively(company: Cast) -> Cast:
    """A year of figures, with every remedy, reason and rule in each month."""
    rule = company.rule("Never more than the order", value="20.00")
    for month in months():
        for number, remedy in enumerate(company.remedies):
            cost_on(company, month, f"{number + 1}20.00", remedy=remedy)
            ended_on(company, month, 9, remedy=remedy, scores="55431", seconds=9 * 500)
        refused_on(company, month, 3, policy=rule)
        refused_on(company, month, 1, bound="budget")
    return company


def fits(page: "Page", what: str) -> None:
    """Fail if anything on the page is cut off, or too small to hit on a phone."""
    assert page.evaluate(TOO_WIDE) == 0, what
    on_a_phone = page.evaluate("() => innerWidth") == PHONE
    assert not on_a_phone or page.evaluate(TOO_SMALL) == [], what


@pytest.mark.parametrize("width", [PHONE, 1200])
def test_a_manager_narrows_a_report_with_the_keyboard(
    granian_server: str, new_page: PageMaker, forno: Cast, width: int
) -> None:
    lively(forno)
    page = new_page(width=width)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/reports/?period=last-month")
    for summary in page.locator("summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_label("From")).to_be_hidden()
    page.locator("#id_period").select_option("days")
    expect(page.get_by_label("From")).to_be_visible()
    fits(page, "the report")
    assert_accessible_day_and_night(page, "the report")

    page.locator("#id_period").select_option("3-months")
    page.locator("#id_team").select_option("Brooklyn")
    page.get_by_role("button", name="Show it").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**period=3-months**")
    expect(page.get_by_text("Only Brooklyn.")).to_be_visible()


def test_what_is_refused_empty_or_counted_is_clear_on_a_phone(
    granian_server: str, page: "Page", forno: Cast
) -> None:
    put_right(forno.agent, so_much("voucher", "5.00"), at=datetime.now(UTC))
    sign_in(page, granian_server, "forno.manager")
    for path, says in (
        ("?period=days", "Write a day, such as 2026-10-31."),
        ("", "Nothing yet."),
        ("behind/cost/", "$3.00"),
        ("behind/gaps/", "Nothing of it is there."),
    ):
        page.goto(f"{granian_server}/reports/{path}")
        expect(page.get_by_text(says).first).to_be_visible()
        fits(page, says)
        assert_accessible(page, says)


def test_finance_reads_three_currencies_without_scripts(
    granian_server: str, new_page: PageMaker, forno: Cast, orchard: Cast, scm: Cast
) -> None:
    lively(scm)
    person = finance_of()
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    page = new_page(javascript=False)
    sign_in(page, granian_server, person.username)
    page.goto(f"{granian_server}/reports/")
    page.get_by_role("link", name="Last 3 months").click()
    for amount in ("$0.00", "£0.00", "A$"):
        expect(page.locator(".list")).to_contain_text(amount)
    page.get_by_role("link", name="Southern Cross Mobile").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Southern Cross Mobile: ")
    with page.expect_download() as file:
        page.get_by_role("link", name=re.compile("As CSV.*By team")).click()
    assert file.value.suggested_filename.startswith("scm-by-team-")


def test_long_names_fit_it_weighs_little_and_paper_has_no_buttons(
    granian_server: str, page: "Page", forno: Cast
) -> None:
    lively(forno)
    Division.objects.update(name="W" * 80)
    Team.objects.filter(name="Brooklyn").update(name="Unverhältnismäßigkeitsüberraschung" * 2)
    forno.division.remedies.update(name="W" * 80)
    arrived: list[Response] = []
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/reports/?period=12-months")
    page.wait_for_load_state("networkidle")

    @partial(page.on, "response")
    def note(response: "Response") -> None:
        arrived.append(response)

    page.reload()
    page.wait_for_load_state("networkidle")
    weight = sum(len(response.body()) for response in arrived if response.ok)
    assert weight < 100_000, f"{weight:,} bytes, before they are compressed"
    fits(page, "long names")

    page.emulate_media(media="print")
    for hidden in (".places", ".chips >> nth=0", ".chips >> nth=1", ".narrow", ".foot"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("svg.chart").first).to_be_visible()
    page.emulate_media(media="screen")
