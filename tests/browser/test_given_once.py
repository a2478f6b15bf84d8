"""Whatever an impatient hand does in the browser, it is given once: on every database."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from resolutions.models import Case, Resolution
from tests.hands import chip, headline

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_two_taps_going_back_and_sending_again_give_it_once(form: "Page") -> None:
    chip(form, "Wrong order").click()
    headline(form, "Expedited reorder").click()
    give = form.get_by_role("button", name="Give expedited reorder · $4.00")
    give.dblclick()
    form.get_by_role("heading", name="Put right").wait_for()
    address = form.url
    form.go_back()  # the browser fills the fields in again, and the page asks again
    headline(form, "Expedited reorder").click()
    give.click()
    form.get_by_role("heading", name="Put right").wait_for()
    expect(form).to_have_url(address)
    assert (Case.objects.count(), Resolution.objects.count()) == (1, 1)
