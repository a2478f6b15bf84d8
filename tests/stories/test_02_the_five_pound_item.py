"""Story 2 at the doorstep: five pounds off the bill, and the customer keeps the item."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from budgets.models import Budget
from resolutions.models import Case, CaseState
from tests.cast import Cast
from tests.hands import chip, headline, open_form

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.browser
def test_the_five_pound_item(granian_server: str, page: "Page", orchard: Cast) -> None:
    open_form(page, granian_server, "orchard.driver1")
    chip(page, "Substituted item").click()
    page.get_by_label("Order value").fill("5.00")
    headline(page, "Money off the bill").click()
    page.get_by_role("textbox", name="How much? Money off the bill").fill("5.00")
    headline(page, "Keep the item").click()
    page.get_by_role("button", name="Give both · £5.00").click()

    page.get_by_role("heading", name="Put right").wait_for()
    expect(page.get_by_text("£95.00 left this month")).to_be_visible()
    case = Case.objects.get()
    assert (case.state, case.channel) == (CaseState.PUT_RIGHT, "doorstep")
    given = {r.remedy.code: (r.cost, r.face_value, r.quantity) for r in case.resolutions.all()}
    assert given == {
        "money-off": (Decimal("5.00"), Decimal("5.00"), None),
        "keep-item": (0, 0, 1),
    }
    assert Budget.objects.get(employee=orchard.agent).left == 95
