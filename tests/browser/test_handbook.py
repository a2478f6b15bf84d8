"""The handbook in a browser: every state of it accessible, and a rule read without scripts too."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from policies.acknowledge import acknowledge
from policies.models import Acknowledgement, Policy
from policies.publish import new_version, publish, withdraw
from policies.visits import look_in
from tests.browsers import PageMaker
from tests.cast import Cast
from tests.hands import assert_accessible_day_and_night, fits, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def unread(forno: Cast) -> Policy:
    """A hard rule to read, next to one that was read; one changed and one gone since last time."""
    now = timezone.now()
    look_in(forno.agent, at=now - timedelta(days=3))
    old, gone = forno.rule("Vouchers", value="15.00", remedies=["voucher"]), forno.rule(value="1")
    draft = new_version(old)
    draft.value = 20
    publish(draft, published_by=None, change_reason="Prices rose.")
    withdraw(gone, withdrawn_by=None, change_reason="Nobody needs it.")
    forno.rule("Soon", value="9.00", starts_at=now + timedelta(days=9))
    read = forno.rule("Read already", effect="forbid", reasons=["late"])
    acknowledge(read, acting_employee=forno.agent)
    return forno.rule("No cash", effect="forbid", remedies=["money-off"])


@pytest.mark.parametrize("width", [360, 1280])
def test_the_handbook_is_accessible_in_every_state(
    granian_server: str, new_page: PageMaker, forno: Cast, unread: Policy, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, granian_server, "forno.driver1")
    assert_accessible_day_and_night(page, "the desk, with a rule to read")
    for path in ("", "?reason=late", "?q=voucher", "?reason=late&q=zebra"):
        page.goto(f"{granian_server}/handbook/{path}")
        assert_accessible_day_and_night(page, f"handbook {path}")
        assert fits(page), path

    page.goto(f"{granian_server}/handbook/")
    withdraw(unread, withdrawn_by=None, change_reason="Not any more.")
    page.get_by_role("button", name="No cash").click()
    page.get_by_text("Not confirmed.").wait_for()
    assert_accessible_day_and_night(page, "what was read is withdrawn meanwhile")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_rule_is_found_from_the_desk_and_read(
    granian_server: str, new_page: PageMaker, forno: Cast, unread: Policy, javascript: bool
) -> None:
    page: Page = new_page(javascript=javascript)
    sign_in(page, granian_server, "forno.driver1")
    page.get_by_role("link", name="rule to read").click()
    button = page.get_by_role("button", name="No cash")
    expect(page.locator(f"#rule-{unread.pk}")).to_be_in_viewport()
    button.click()
    expect(page.locator(f"#rule-{unread.pk}").get_by_text("Read today")).to_be_in_viewport()
    assert Acknowledgement.objects.filter(policy=unread, employee=forno.agent).exists()
    page.get_by_role("link", name="Desk").click()
    page.get_by_role("heading", name="Lately").wait_for()
    assert page.get_by_text("to read").count() == 0
