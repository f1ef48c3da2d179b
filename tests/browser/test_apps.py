"""Ways in which apps use managed login: in a window of its own, and with a callback that is not their last stop."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.app import App
from tests.browser.people import add_user

_OPENING = (
    "<!doctype html><title>app</title><script>addEventListener('message', told => document.title = told.data)</script>"
)
_TELLING = "<!doctype html><title>app</title><script>opener.postMessage('told', location.origin)</script>"


def test_a_window_of_its_own_tells_the_app(app: App, page: Page, root: Any, email: str) -> None:
    """As oidc-client-ts does it (`signinPopup`): the window comes back to the app's origin, and finds who opened it."""
    add_user(app, root, email)
    app.site.pages.update({"/opening": _OPENING, "/callback-of-window": _TELLING})
    page.goto(app.site.url("/opening"))
    with page.expect_popup() as opened:
        page.evaluate("url => void open(url)", app.begin(redirect_uri=app.site.url("/callback-of-window")).url)
    pages.sign_in(opened.value, email)
    page.wait_for_function("document.title === 'told'")


def test_a_callback_sends_the_browser_on(app: App, page: Page, root: Any, email: str) -> None:
    """Chromium counts the app's own redirect as one that the form ends at."""
    add_user(app, root, email)
    app.site.moved["/callback-of-server"] = f"http://127.0.0.1:{app.site.port}/home"
    page.goto(app.begin(redirect_uri=app.site.url("/callback-of-server")).url)
    pages.sign_in(page, email)
    page.wait_for_url("**/home")
