"""The sidelines in the browser: they refresh by themselves, and leave in peace who reads them."""

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browsers import PageMaker
from tests.cast import Cast
from tests.gaps import refuse
from tests.hands import assert_accessible_day_and_night, fits, sign_in
from tests.putting_right import KIM_LEE, put_right, so_many, so_much
from tests.surveys import said

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.once]

TWENTY_SECONDS = 20_000


def something_happens(company: Cast) -> str:
    """A case is put right now, with all that can come of one. Returns what it stands as."""
    now = timezone.now()
    receipt = put_right(company.agent, so_many("free-pizza"), customer=KIM_LEE, at=now)
    said(receipt["id"], 1, at=now, comment="It was cold. " * 30)
    refuse(company.agent, so_much("money-off", "40.00"), at=now)
    put_right(company.agent, reason_code="cold", at=now)
    return f"Free pizza · {company.agent.called}"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_sidelines_are_accessible_empty_and_full(
    granian_server: str, new_page: PageMaker, forno: Cast, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, granian_server, "forno.lead1")
    page.goto(f"{granian_server}/sidelines/")
    assert_accessible_day_and_night(page, "an empty day")
    something_happens(forno)
    page.reload()
    assert_accessible_day_and_night(page, "a day with something in it")
    assert fits(page)


def test_the_day_goes_on_without_a_touch(granian_server: str, page: "Page", forno: Cast) -> None:
    sign_in(page, granian_server, "forno.lead1")
    page.clock.install()
    page.goto(f"{granian_server}/sidelines/")
    expect(page.get_by_text("Nothing yet today.")).to_be_visible()
    happened = something_happens(forno)
    page.clock.fast_forward(TWENTY_SECONDS)
    expect(page.get_by_text(happened)).to_be_visible()

    # What has the focus keeps it, and what is being copied stays.
    case = page.get_by_role("link", name=happened)
    case.focus()
    put_right(forno.colleague, so_many("reorder"), at=timezone.now())
    page.clock.fast_forward(TWENTY_SECONDS)
    expect(page.get_by_text("Expedited reorder")).to_be_visible()
    expect(case).to_be_focused()


def test_held_still_it_stays_as_it_is(granian_server: str, page: "Page", forno: Cast) -> None:
    sign_in(page, granian_server, "forno.lead1")
    page.clock.install()
    page.goto(f"{granian_server}/sidelines/")
    page.get_by_role("link", name="Hold it still").click()
    expect(page.get_by_role("link", name="Let it refresh by itself")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(3 * TWENTY_SECONDS)
    assert asked == []


@pytest.mark.parametrize("failure", ["lost", "refused"])
def test_a_page_that_is_not_up_to_date_says_so(
    granian_server: str, page: "Page", forno: Cast, failure: str
) -> None:
    sign_in(page, granian_server, "forno.lead1")
    page.clock.install()
    page.goto(f"{granian_server}/sidelines/")

    def fail(route: "Route") -> None:
        if failure == "lost":
            route.abort()
        else:
            route.fulfill(status=401, body="Sign in again.")

    page.route("**/sidelines/", fail)
    page.clock.fast_forward(TWENTY_SECONDS)
    expect(page.get_by_text("This is not up to date any more.")).to_be_visible()
    page.unroute("**/sidelines/", fail)
    page.clock.fast_forward(TWENTY_SECONDS)
    expect(page.get_by_text("This is not up to date any more.")).to_be_hidden()
