"""Chromium: where it is, how it is started, and what no page may do in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
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
]
_PHONE = 360  # pixels


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


class PageMaker:
    """Makes pages, each with cookies of its own, and remembers what went wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(self, *, width: int = _PHONE, dark: bool = False, javascript: bool = True) -> Page:
        """Open an empty page of this width in pixels; phones are higher than wide."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 740 if width < 700 else 900},
            color_scheme="dark" if dark else "light",
            has_touch=width < 700,
            java_script_enabled=javascript,
            locale="en-US",
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("console", self._note_refusal)
        page.on("request", self._note_other_host)
        return page

    def close(self) -> None:
        """Close all pages; fails the test if one broke a promise that holds for every page."""
        for context in self._contexts:
            context.close()
        assert not self.complaints, self.complaints

    def _note_refusal(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _note_other_host(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme.startswith("http") and url.hostname not in {"localhost", "127.0.0.1"}:
            self.complaints.append(f"asked another host: {request.url}")
