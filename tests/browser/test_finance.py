"""Finance's pages in the browser: on a phone and a desk, by keyboard, without scripts."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from employees.models import Employee
from reports.models import MachineToken
from reports.tokens import find_token, revoke_token
from tests.browsers import PageMaker
from tests.cast import Cast
from tests.hands import assert_accessible_day_and_night, fits, sign_in
from tests.tokens import made, pulled

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.once]

LONG = "Nightly-load-of-everything-" * 2 + "into-the-great-warehouse"  # 78 characters


@pytest.fixture
def lived_in(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> MachineToken:
    """Tokens that work and one that was revoked, and a log of every kind; gives the first."""
    finance, now = head_office["finance"], timezone.now()
    token, _ = made(finance, name=LONG, exports=["ledger", "cases", "gaps"])
    made(head_office["admin"], name="Audit", divisions=[scm.division], own_words=True)
    revoked, _ = made(finance, name="Old")
    revoke_token(revoked, acting_employee=finance, at=now)
    asked = {"month_from": "2026-09", "month_to": "2026-10", "division": "scm", "cost_centre": LONG}
    for number in range(27):
        pulled(token, asked=asked, rows=123_456_789, at=now - timedelta(hours=number))
    pulled(finance, outcome="broken-off", rows=2, at=now)
    return token


def press_make(page: "Page") -> None:
    page.get_by_role("button", name="Make the token").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_finance_is_accessible(
    granian_server: str, new_page: PageMaker, lived_in: MachineToken, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, granian_server, "finance")
    expect(page.get_by_role("heading", name="Lately exported")).to_be_visible()
    looked_at(page, "exports")
    page.goto(f"{granian_server}/finance/?export=ledger&month_from=2026-10&month_to=2026-09")
    expect(page.get_by_text("Choose October 2026 or a later month.")).to_be_visible()
    looked_at(page, "exports, with an error")

    page.goto(f"{granian_server}/finance/tokens/")
    looked_at(page, "tokens")
    press_make(page)
    expect(page.get_by_text("Write what it is for, such as Nightly load.")).to_be_visible()
    looked_at(page, "tokens, with errors")
    page.get_by_label("What it is for").fill(LONG)
    page.get_by_label("Ledger").check()
    page.get_by_label("All, and those to come").check()
    press_make(page)
    expect(page.get_by_role("heading", name="is made")).to_be_visible()
    looked_at(page, "the new token")
    page.get_by_role("link", name="I have noted it").click()
    page.get_by_role("link", name=f"Revoke {LONG}").first.click()
    expect(page.get_by_role("button", name="Revoke it")).to_be_visible()
    looked_at(page, "revoking")
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("status")).to_contain_text("It opens nothing from now on.")
    looked_at(page, "revoked")


def looked_at(page: "Page", what: str) -> None:
    assert_accessible_day_and_night(page, what)
    assert fits(page), f"{what} is wider than the screen"


def test_an_administrator_comes_to_the_tokens_and_back(
    granian_server: str, new_page: PageMaker, lived_in: MachineToken
) -> None:
    page = new_page(width=1280)
    sign_in(page, granian_server, "admin")
    page.get_by_role("link", name="Tokens for machines").click()
    expect(page.get_by_label("It also reads what people wrote")).to_be_visible()
    expect(page.get_by_role("navigation", name="Places").get_by_role("link")).to_have_text("Tokens")
    looked_at(page, "an administrator's tokens")
    page.get_by_role("link", name="Leeway", exact=True).click()
    page.wait_for_url("**/admin/")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_token_is_made_and_revoked_with_the_keyboard_alone(
    granian_server: str,
    new_page: PageMaker,
    forno: Cast,
    head_office: dict[str, Employee],
    javascript: bool,
) -> None:
    page = new_page(width=1280, javascript=javascript)
    sign_in(page, granian_server, "finance")
    tab_to(page, "Tokens")
    page.keyboard.press("Enter")
    page.wait_for_url("**/finance/tokens/")
    tab_to(page, "name")
    page.keyboard.type("Nightly load")
    tab_to(page, "ledger")
    page.keyboard.press("Space")
    tab_to(page, "every_division")
    page.keyboard.press("Space")
    tab_to(page, "Make the token")
    page.keyboard.press("Enter")

    field = page.get_by_label("The token", exact=True)
    expect(field).to_have_value(re.compile("^leeway_[0-9a-f]{40}$"))
    secret = field.input_value()
    assert find_token(secret, at=timezone.now()).name == "Nightly load"
    page.reload()  # which sends the form once more
    expect(page.get_by_role("alert")).to_contain_text("This form was sent already")
    assert secret not in page.content()
    assert MachineToken.objects.count() == 1

    tab_to(page, "Revoke Nightly load")
    page.keyboard.press("Enter")
    page.wait_for_url("**/revoke/")
    tab_to(page, "Revoke it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No token works now")).to_be_visible()
    assert MachineToken.objects.get().revoked_at


def tab_to(page: "Page", name: str) -> None:
    """Press Tab until what has this text, name or value has the focus."""
    of_focus = "e => [e.textContent.trim().replace(/\\s+/g, ' '), e.name, e.value]"
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and any(
            told and told.startswith(name) for told in focused.evaluate(of_focus)
        ):
            return
    pytest.fail(f"Tab does not come to {name}")


def test_an_export_is_asked_for_without_scripts_on_a_phone(
    granian_server: str, new_page: PageMaker, forno: Cast, head_office: dict[str, Employee]
) -> None:
    page = new_page(javascript=False)
    sign_in(page, granian_server, "finance")
    page.get_by_label("Ledger").check()
    page.get_by_label("From the month").fill("2026-09")
    page.get_by_label("To the month").fill("2026-08")
    page.get_by_text("Excel", exact=True).click()
    page.get_by_role("button", name="Get the file").click()
    expect(page.get_by_text("Choose September 2026 or a later month.")).to_be_visible()
    expect(page.get_by_label("Ledger")).to_be_checked()
    expect(page.get_by_label("Excel")).to_be_checked()
    page.get_by_label("To the month").fill("2026-10")
    with page.expect_request("**/finance/exports/ledger/**") as asked:
        page.get_by_role("button", name="Get the file").click()
    query = "month_from=2026-09&month_to=2026-10&format=xlsx"
    assert asked.value.url.endswith(f"/finance/exports/ledger/?{query}")
