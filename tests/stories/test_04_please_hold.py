"""Story 4 on the screen: a furious customer asks for more than may be given, and hears no bare no.

Asking a colleague is not part of it yet.
"""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from resolutions.models import AuthorityGap, Case, Resolution
from tests.cast import Cast
from tests.hands import chip, headline, open_form

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.browser
def test_please_hold(granian_server: str, page: "Page", scm: Cast) -> None:
    scm.rule(
        "Not cash for a gift card",
        effect="forbid",
        remedies=["bill-credit"],
        reasons=["billing-dispute"],
        rationale="Gift cards are anonymous: paying out cash is how stolen cards are emptied.",
        customer_wording="I can put the full amount on a new card for you right now.",
    )
    open_form(page, granian_server, "scm.rep1")
    chip(page, "Billing dispute").click()

    # The hard rule, why it exists and words to say; what can be done stands above it.
    page.get_by_role("heading", name="Not cash for a gift card").wait_for()
    expect(page.get_by_text("paying out cash is how stolen cards are emptied.")).to_be_visible()
    expect(page.get_by_text("“I can put the full amount on a new card")).to_be_visible()
    expect(headline(page, "Fee waiver")).to_be_visible()

    # More than the rep may give: the rule's why again, and what can be done instead.
    headline(page, "Fee waiver").click()
    page.get_by_role("textbox", name="How much? Fee waiver").fill("500")
    page.get_by_text("That is more than you may give.", exact=True).wait_for()
    page.locator("#give").click()
    page.get_by_role("heading", name="What you can do instead").wait_for()
    expect(page.get_by_text("Rep: So that it is put right on the spot.").first).to_be_visible()
    assert not Resolution.objects.exists()
    assert AuthorityGap.objects.get().face_value == 500

    # A little further is the rep's own to decide, and read afterwards.
    page.get_by_role("textbox", name="How much? Fee waiver").fill("170")
    page.get_by_role("button", name="Give fee waiver · A$170.00").click()
    page.get_by_text("a little further, read afterwards").wait_for()
    assert Case.objects.get().resolutions.get().review_afterwards

    # What still could not be done is said in the rep's own words.
    page.get_by_role("link", name="I couldn’t …").click()
    page.get_by_label("What could you not do").fill("They wanted the gift card back in cash.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("They wanted the gift card back in cash.").wait_for()
    assert AuthorityGap.objects.filter(words__startswith="They wanted").exists()
