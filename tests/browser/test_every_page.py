"""Every page, in both languages, sizes and colours: pictures for people to look at, rules for all of them.

The rules are axe's (WCAG 2.2 A and AA, and its best practices: a label for each input, contrast, landmarks), the
page's language, and no scrolling sideways at 320 pixels (WCAG 1.4.10).
"""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser import pages, providers
from tests.browser.app import App, of_pool
from tests.browser.conftest import NewPage
from tests.browser.looks import Looks
from tests.browser.people import invite
from tests.browser.scripts import Scripts
from tests.browser.site import Site
from tests.journeys.pools import Pool
from tests.local_cloud import LocalCloud

LOCALES = {"en": "en-GB", "ja": "ja-JP"}


@pytest.fixture(params=sorted(LOCALES))
def looks(request: pytest.FixtureRequest, scripts: Scripts) -> Looks:
    """Looks at pages in one of the languages."""
    return Looks(scripts, request.param)


@pytest.fixture
def page(looks: Looks, new_page: NewPage) -> Page:
    """A window of somebody whose browser asks for that language."""
    return new_page(locale=LOCALES[looks.language])


def test_making_an_account(app: App, page: Page, looks: Looks, email: str) -> None:
    page.goto(app.begin().url)
    looks.check(page, "sign-in")
    pages.sign_in(page, email)
    looks.check(page, "sign-in-refused")
    pages.sign_up(page, email, "short")
    looks.check(page, "sign-up-refused")
    page.goto(app.begin().page("/signup"))
    looks.check(page, "sign-up")
    pages.fill(page, "sign-up", username=email, password="Correct-Horse-7")
    looks.check(page, "confirm")
    pages.confirm(page, "000000")
    looks.check(page, "confirm-refused")


def test_a_forgotten_password(app: App, page: Page, looks: Looks, email: str) -> None:
    page.goto(app.begin().page("/forgotPassword"))
    looks.check(page, "forgot")
    pages.fill(page, "forgot", username=email)
    looks.check(page, "reset")
    pages.reset(page, "000000", "Another-Horse-8")
    looks.check(page, "reset-refused")


def test_a_temporary_password(app: App, page: Page, looks: Looks, root: Any, email: str) -> None:
    invite(app, root, email, "Temporary-Horse-9")
    page.goto(app.begin().url)
    pages.sign_in(page, email, "Temporary-Horse-9")
    looks.check(page, "new-password")
    pages.choose_password(page, "short")
    looks.check(page, "new-password-refused")


def test_a_second_factor(strict_app: App, cloud: LocalCloud, page: Page, looks: Looks, email: str) -> None:
    pages.with_account(page, strict_app.begin().url, cloud, email)
    looks.check(page, "totp-setup")
    secret = pyotp.TOTP(page.locator("#secret").inner_text())
    pages.enter_totp(page, secret.at(int(cloud.advance(31))), form="totp-setup")
    page.wait_for_url(f"{strict_app.callback}?**")
    page.goto(strict_app.begin(prompt="login").url)
    pages.sign_in(page, email)
    looks.check(page, "totp")
    pages.enter_totp(page, "000000")
    looks.check(page, "totp-refused")


def test_an_address_that_leads_nowhere(app: App, page: Page, looks: Looks) -> None:
    page.goto(app.begin(redirect_uri="https://example.com/").url)
    looks.check(page, "error")


def test_leaving_a_company_that_takes_forms(
    cloud: LocalCloud, site: Site, page: Page, looks: Looks, email: str
) -> None:
    """A page for a moment: its script posts a form, and where that does not run, its button does."""
    app = of_pool(cloud, site, Pool.make(cloud).id, providers.company_of_forms(cloud))
    authorization = app.begin(identity_provider="Company")
    page.goto(authorization.url)
    providers.choose(page, email)
    authorization.tokens(page)
    page.route("**/submit.js*", lambda route: route.abort())
    page.goto(app.logout_url)
    looks.check(page, "hand-over")
    page.locator("form#hand-over button").click()
    page.wait_for_url(app.signed_out)


def test_a_language_that_is_chosen_stays(app: App, page: Page, looks: Looks) -> None:
    other = {"en": "ja", "ja": "en"}[looks.language]
    page.goto(app.begin().url)
    page.locator(f"nav a[hreflang={other}]").click()
    for path in ("/login", "/signup"):
        expect(page.locator("html")).to_have_attribute("lang", other)
        page.goto(app.begin().page(path))


def test_the_checker_finds_what_is_wrong(page: Page, looks: Looks) -> None:
    """Without this, a checker that finds nothing would look like pages without a fault."""
    page.goto("data:text/html,<input><p style='color:%23bbb;background:%23ccc'>hardly readable")
    found = " ".join(looks.scripts.violations(page))
    assert all(rule in found for rule in ("label:", "color-contrast:", "html-has-lang:", "document-title:"))


@pytest.mark.parametrize("provider", providers.NAMES)
def test_the_stand_ins(provider: str, app: App, new_page: NewPage, scripts: Scripts) -> None:
    """They are for developers, and in English only."""
    page = new_page()
    page.goto(app.begin().url)
    pages.provider(page, provider).click()
    Looks(scripts, "en").check(page, f"stand-in-{provider.lower()}")
