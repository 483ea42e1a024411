"""A real browser for tests: the system's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from .slowness import SLOWNESS

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A busy machine takes longer than Playwright's 5 s; what comes is waited for no longer than it takes to come.
expect.set_options(timeout=15_000 * SLOWNESS)
_REFUSED = "Failed to load resource"
"""How Chromium logs any answer of 400 and more: what the page makes of it is for the test to look at."""


SESSION_COOKIE = "sharp-eyes"
"""What the server calls its cookie where it speaks plain HTTP."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a window. Skips the test where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is being looked at, and what went wrong on it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    """Errors of scripts, breaches of the content policy, requests to anybody but the server."""

    def go(self, path: str = "/") -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_REFUSED):
            self.faults.append(message.text)

    def on_request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/"):
            self.faults.append(f"asked {request.url}")


@contextmanager
def a_visit(
    browser: Browser,
    url: str,
    *,
    session: str | None = None,
    language: str = "en-GB",
    width: int = 1440,
    height: int = 900,
) -> Iterator[Visit]:
    """Visit the server at `url` with nothing kept from before but the token of a `session`: without one, as somebody
    whom the server does not know. Fails at its end if anything went wrong on the page."""
    context = browser.new_context(
        locale=language, timezone_id="Asia/Shanghai", viewport={"width": width, "height": height}
    )
    context.set_default_timeout(15_000 * SLOWNESS)
    if session is not None:
        context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": url, "httpOnly": True}])
    try:
        page = context.new_page()
        visit = Visit(page, url)
        page.on("console", visit.on_console)
        page.on("pageerror", lambda error: visit.faults.append(str(error)))
        page.on("request", visit.on_request)
        yield visit
        assert visit.faults == []
    finally:
        context.close()
