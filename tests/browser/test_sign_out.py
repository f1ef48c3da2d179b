"""One sign-in serves every app of the pool in this browser, until the browser signs out."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import pages, providers
from tests.browser.app import App, claims_of
from tests.browser.people import add_user


def test_signing_out_ends_the_browsers_session(app: App, page: Page, root: Any, email: str) -> None:
    add_user(app, root, email)
    first, second, third = app.begin(), app.begin(), app.begin()
    page.goto(first.url)
    pages.sign_in(page, email)
    first.tokens(page)
    page.goto(second.url)
    assert claims_of(second.tokens(page)["id_token"])["email"] == email

    page.goto(app.logout_url)
    page.wait_for_url(app.signed_out)
    page.goto(third.url)
    expect(page.locator("form#sign-in")).to_be_visible()


def test_signing_out_ends_it_at_a_company_too(app: App, page: Page, email: str) -> None:
    authorization, again = app.begin(), app.begin()
    page.goto(authorization.url)
    pages.provider(page, "Saml").click()
    providers.choose(page, email)
    authorization.tokens(page)
    visited: list[str] = []
    page.on("request", lambda request: visited.append(request.url.partition("?")[0]))
    page.goto(app.logout_url)
    page.wait_for_url(app.signed_out)
    assert any(url.endswith("/stand-ins/saml/slo") for url in visited)
    page.goto(again.url)
    expect(page.locator("form#sign-in")).to_be_visible()
