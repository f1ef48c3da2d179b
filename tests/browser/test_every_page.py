"""Every page, in both languages, sizes and colours: pictures for people to look at, rules for all of them.

The rules are axe's (WCAG 2.2 A and AA, and its best practices: a label for each input, contrast, landmarks), the
page's language, and no scrolling sideways at 320 pixels (WCAG 1.4.10).
"""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page

from tests.browser import pages
from tests.browser.app import App
from tests.browser.conftest import NewPage
from tests.browser.looks import Looks
from tests.browser.people import invite
from tests.browser.scripts import Scripts
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


@pytest.mark.parametrize("provider", ["Google", "Facebook", "Saml"])
def test_the_stand_ins(provider: str, app: App, new_page: NewPage, scripts: Scripts) -> None:
    """They are for developers, and in English only."""
    page = new_page()
    page.goto(app.begin().url)
    pages.provider(page, provider).click()
    Looks(scripts, "en").check(page, f"stand-in-{provider.lower()}")
