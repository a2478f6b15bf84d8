"""Chromium: where it is, how it is started, and what no page may do in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Axe is loaded anew into every page, so code that is made faster meanwhile comes too late.
    "--js-flags=--no-opt --no-maglev",
]
_PHONE = 360  # pixels
# A page is there as soon as its address is, and is drawn after that: what a test reads of it, it
# reads by `expect`, which is as patient as a click.
expect.set_options(timeout=30_000)
_FORGET = """() => {
  try { localStorage.clear(); sessionStorage.clear(); } catch { /* an empty page has none */ }
}"""


@cache
def chromium() -> str | None:
    """Return the path of Chromium on this machine, or None."""
    names = (os.environ.get("LEEWAY_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@contextmanager
def started_browser() -> Iterator[Browser]:
    """Run Chromium, without a window, until the end of the block."""
    # Playwright keeps an event loop in this thread, from which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        yield browser
        browser.close()


class KeptPages:
    """Pages that go from test to test, each as good as new.

    A page has a process of its own, which takes seconds until it is warm, so none is thrown away:
    it is emptied, with its cookies and all else that it stored.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._idle: dict[tuple[bool, bool], list[Page]] = {}

    def take(self, *, touch: bool, javascript: bool) -> Page:
        """An empty page that nobody uses, with cookies of its own."""
        idle = self._idle.setdefault((touch, javascript), [])
        if idle:
            return idle.pop()
        context = self.browser.new_context(
            has_touch=touch, java_script_enabled=javascript, locale="en-US"
        )
        return context.new_page()

    def give_back(self, page: Page, *, touch: bool, javascript: bool) -> None:
        """Empty a page for the next test."""
        page.unroute_all()
        page.context.set_offline(offline=False)
        page.evaluate(_FORGET)
        page.goto("about:blank")
        page.context.clear_cookies()
        self._idle[touch, javascript].append(page)


class PageMaker:
    """Gives a test its pages, each with cookies of its own, and remembers what went wrong."""

    def __init__(self, kept: KeptPages) -> None:
        self._kept = kept
        self._given: list[tuple[Page, dict[str, bool]]] = []
        self.complaints: list[str] = []

    def __call__(self, *, width: int = _PHONE, dark: bool = False, javascript: bool = True) -> Page:
        """Open an empty page of this width in pixels; phones are higher than wide."""
        kind = {"touch": width < 700, "javascript": javascript}
        page = self._kept.take(**kind)
        self._given.append((page, kind))
        page.set_viewport_size({"width": width, "height": 740 if width < 700 else 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.on("pageerror", self._note_error)
        page.on("console", self._note_refusal)
        page.on("request", self._note_other_host)
        return page

    def close(self) -> None:
        """Empty all pages; fails the test if one broke a promise that holds for every page."""
        for page, kind in self._given:
            self._kept.give_back(page, **kind)
            page.remove_listener("pageerror", self._note_error)
            page.remove_listener("console", self._note_refusal)
            page.remove_listener("request", self._note_other_host)
        assert not self.complaints, self.complaints

    def _note_error(self, error: Error) -> None:
        self.complaints.append(f"script error: {error}")

    def _note_refusal(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _note_other_host(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme.startswith("http") and url.hostname not in {"localhost", "127.0.0.1"}:
            self.complaints.append(f"asked another host: {request.url}")
