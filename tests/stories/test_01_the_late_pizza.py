"""Story 1 by hand: a driver at a door, on a phone, puts the wrong pizza right in five taps."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from budgets.models import Budget
from resolutions.models import Case, Customer, FollowUp
from tests.cast import Cast
from tests.hands import Taps, chip, headline, offer, open_form, price

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.browser
def test_the_late_pizza(granian_server: str, page: "Page", forno: Cast) -> None:
    forno.remedies["free-pizza"].max_quantity = 1
    forno.remedies["free-pizza"].save()
    forno.rule(
        "Never more than the order",
        measure="percent",
        value="100",
        remedies=["money-off"],
        rationale="A refund above the bill is a gift, and gifts are vouchers.",
        customer_wording="You will not pay a cent for this order.",
    )
    open_form(page, granian_server, "forno.driver1")
    tap = Taps()

    # Picks what went wrong, enters the order value, and sees what can be done right now.
    tap(chip(page, "Wrong order"))
    tap(page.get_by_label("Order value"))
    page.keyboard.type("23.50")
    page.get_by_text("up to $23.50", exact=True).wait_for()
    expect(price(page, "Free pizza")).to_have_text("costs $5.00")
    expect(price(page, "Expedited reorder")).to_have_text("costs $4.00")
    why = offer(page, "Money off the bill").locator(".why").first
    expect(why).to_contain_text("Never more than the order. A refund above the bill is a gift")

    # Gives the free pizza and the expedited reorder: one case, two remedies.
    tap(headline(page, "Free pizza"))
    tap(headline(page, "Expedited reorder"))
    tap(page.get_by_role("button", name="Give both · $9.00"))

    page.get_by_role("heading", name="Put right").wait_for()
    assert tap.count == 5
    expect(page.get_by_text("$111.00 left this month")).to_be_visible()
    words = page.get_by_text("“I am sorry. Here is what I can do for you right now.”")
    expect(words.first).to_be_visible()

    case = Case.objects.get()
    assert [(r.remedy.code, r.cost) for r in case.resolutions.all()] == [
        ("free-pizza", 5),
        ("reorder", 4),
    ]
    assert Budget.objects.get(employee=forno.agent).left == 111
    assert not FollowUp.objects.exists(), "nobody's address was told; there is nobody to ask"


@pytest.mark.browser
def test_whoever_left_an_address_is_asked_how_it_went(
    granian_server: str, page: "Page", forno: Cast
) -> None:
    open_form(page, granian_server, "forno.driver1")
    chip(page, "Wrong order").click()
    page.get_by_label("Customer").fill("555-0142")
    page.get_by_text("More about it").click()
    page.get_by_label("E-mail").fill("kim@example.com")
    headline(page, "Expedited reorder").click()
    page.get_by_role("button", name="Give expedited reorder · $4.00").click()
    page.get_by_text("We ask them how it went").wait_for()
    assert FollowUp.objects.get().case.customer == Customer.objects.get(email="kim@example.com")
