"""On a phone of 360 px everything fits, can be hit with a thumb, and arrives quickly."""

from functools import partial
from typing import TYPE_CHECKING

import pytest

from employees.models import Division
from policies.models import ReasonCode, Remedy
from tests.cast import Cast
from tests.hands import chip, headline, open_form, sign_in
from tests.putting_right import put_right, so_many

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.once]

PATHS = ("/", "/cases/", "/handbook/", "/month/", "/could-not/", "/could-not/mine/")
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((thing) => thing.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map((thing) => [thing, thing.closest(".chip") ?? (thing.matches(".offer > input")
                          ? thing.parentElement : thing)])
  .filter(([thing]) => !thing.closest("p:not(.brand)") || thing.matches(".button, .see-all"))
  .filter(([, target]) => {
    const { width, height } = target.getBoundingClientRect();
    return width > 1 && (width < 44 || height < 40);
  })
  .map(([thing]) => thing.outerHTML.slice(0, 120))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def name_everything_at_length(division: Division) -> None:
    """Names of eighty characters, and forty remedies."""
    division.reason_codes.update(name=("Delivered to a neighbour who is away " * 3)[:80])
    for number in range(36):
        Remedy.objects.create(
            division=division,
            code=f"more-{number}",
            name=f"{number} Unverhältnismäßigkeitsüberraschungsgutscheinverlängerungsmöglichkeit"[
                :80
            ],
            rationale="Why. " * 20,
            customer_wording="So. " * 20,
        )
    assert ReasonCode.objects.filter(division=division).exists()


@pytest.mark.parametrize("long", [False, True])
def test_nothing_is_cut_off_and_everything_can_be_hit(
    granian_server: str, page: "Page", forno: Cast, long: bool
) -> None:
    receipt = put_right(forno.agent, so_many("reorder"), so_many("free-pizza"), note="W" * 300)
    if long:
        name_everything_at_length(forno.division)
    sign_in(page, granian_server, "forno.driver1")
    for path in (
        "/",
        "/cases/",
        "/handbook/",
        "/month/",
        f"/cases/{receipt['id']}/",
        "/cases/new/",
    ):
        page.goto(granian_server + path)
        assert page.evaluate(TOO_WIDE) == 0, path
        assert page.evaluate(TOO_SMALL) == [], path
    page.locator(".chip").first.click()
    headline(page, "Free pizza").click()
    page.locator("#give").wait_for()
    assert page.evaluate(TOO_WIDE) == 0
    assert page.evaluate(TOO_SMALL) == []
    box = page.locator("#give").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 740, "the button is at the thumb's reach, without scrolling"


def test_the_form_weighs_less_than_a_hundred_kilobytes(
    granian_server: str, page: "Page", forno: Cast
) -> None:
    arrived: list[Response] = []
    open_form(page, granian_server, "forno.driver1")
    page.wait_for_load_state("networkidle")

    @partial(page.on, "response")
    def note(response: "Response") -> None:
        arrived.append(response)

    page.reload()
    chip(page, "Late").click()
    headline(page, "Free pizza").wait_for()
    page.wait_for_load_state("networkidle")
    weight = sum(len(response.body()) for response in arrived if response.ok)
    assert weight < 100_000, f"{weight:,} bytes, before they are compressed"
