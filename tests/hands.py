"""What a person does in the browser: signing in, tapping, typing, waiting for the answer."""

from typing import TYPE_CHECKING, Any, Final, Literal

from axe_core_python.base import AXE_SCRIPT

from tests.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Taps:
    """Presses things one after the other, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, thing: "Locator") -> None:
        """Press it once."""
        self.count += 1
        thing.click()


_VIOLATIONS = """(only) =>
    axe.run({
        resultTypes: ["violations"], rules: { "link-in-text-block": { enabled: true } }, ...only
    }).then((results) => results.violations)"""
# In the dark a page has other colours, and nothing else that axe looks at.
_COLOURS: Final = {"runOnly": ["color-contrast", "link-in-text-block"]}

# While an answer is awaited, what it will replace is faded for a moment.
_AT_REST = "() => !document.querySelector('.htmx-request') && !document.getAnimations().length"


def sign_in(page: "Page", server: str, username: str) -> None:
    """Sign in at the front door."""
    page.goto(f"{server}/sign-in/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def open_form(page: "Page", server: str, username: str) -> None:
    """Sign in and open an empty case form."""
    sign_in(page, server, username)
    page.get_by_role("link", name="A customer has a problem").click()
    page.get_by_role("heading", name="What went wrong?").wait_for()


def chip(page: "Page", name: str) -> "Locator":
    """A choice that is one of a few, such as a reason."""
    return page.locator(".chip", has_text=name)


def offer(page: "Page", name: str) -> "Locator":
    """The card of a remedy: all of it can be pressed."""
    return page.locator(".offer", has=page.get_by_text(name, exact=True)).first


def headline(page: "Page", name: str) -> "Locator":
    """The part of a remedy's card that is pressed to choose it."""
    return offer(page, name).locator("> label")


def price(page: "Page", name: str) -> "Locator":
    """What a remedy costs, or how far it goes."""
    return offer(page, name).locator(".price")


def assert_accessible(page: "Page", what: str, only: "dict[str, Any] | None" = None) -> None:
    """Fail if axe finds anything on the page, once it has come to rest.

    All rules are tried, or `only` some. What axe has to say on those that held is not fetched: that
    would take longer than trying them.
    """
    for _ in range(200):
        if page.evaluate(_AT_REST):
            break
        page.wait_for_timeout(50)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {AXE_SCRIPT} }}")
    found = [
        (issue["id"], [node["html"][:160] for node in issue["nodes"]])
        for issue in page.evaluate(_VIOLATIONS, only or {})
    ]
    assert not found, f"{what}: {found}"


def assert_accessible_day_and_night(page: "Page", what: str) -> None:
    """Fail if axe finds anything on the page, in the dark or in the light; it stays light."""
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, f"{what}, dark", _COLOURS)
    page.emulate_media(color_scheme="light")
    assert_accessible(page, f"{what}, light")


# As it is on a desk at night, and on a phone by day, which it stays.
_LOOKS: list[tuple[int, Literal["dark", "light"]]] = [(1280, "dark"), (360, "light")]
# Colours change at once: in what is folded away, they else begin to when they are looked at. What
# is awaited still fades only after a while: at once, axe would find it faint.
_AT_ONCE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { transition-property: opacity !important }");
    document.adoptedStyleSheets.push(sheet);
}"""


def look_at(page: "Page", what: str) -> None:
    """Fail if axe finds anything or it scrolls sideways, on a desk at night or a phone by day."""
    page.evaluate(_AT_ONCE)
    for width, scheme in _LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page, f"{what}, {width} px")
        assert fits(page), f"{what} is wider than {width} px"


def fits(page: "Page") -> bool:
    """Whether neither the page nor, on a phone, a table in it scrolls sideways."""
    fits = "e => e.scrollWidth <= e.clientWidth"
    tables = page.locator(".results, .scrolls, .tabular fieldset") if _is_phone(page) else None
    inner = tables.evaluate_all(f"all => all.every({fits})") if tables else True
    return bool(page.locator("html").evaluate(fits)) and bool(inner)


def _is_phone(page: "Page") -> bool:
    return page.viewport_size is not None and page.viewport_size["width"] < 700
