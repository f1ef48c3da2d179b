"""A second factor: set up by the QR code, asked for at each sign-in, and spared on a device that is remembered."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pyotp
from playwright.sync_api import Page, expect

from tests.browser import pages
from tests.browser.app import App, Authorization, claims_of
from tests.browser.conftest import NewPage
from tests.browser.scripts import Scripts
from tests.local_cloud import LocalCloud


def test_a_remembered_device_needs_no_code(
    strict_app: App, cloud: LocalCloud, page: Page, new_page: NewPage, scripts: Scripts, email: str
) -> None:
    first = strict_app.begin()
    pages.with_account(page, first.url, cloud, email)
    app_on_phone = scan(page, scripts)
    pages.enter_totp(page, next_code(cloud, app_on_phone), form="totp-setup")
    assert claims_of(first.tokens(page)["id_token"])["email"] == email

    second = sign_in_anew(page, strict_app, email)
    pages.enter_totp(page, "000000")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    pages.enter_totp(page, next_code(cloud, app_on_phone), remember=True)
    second.tokens(page)

    sign_in_anew(page, strict_app, email).tokens(page)

    sign_in_anew(elsewhere := new_page(), strict_app, email)
    expect(elsewhere.locator("form#totp")).to_be_visible()


def scan(page: Page, scripts: Scripts) -> pyotp.TOTP:
    """An authenticator app that has read the picture, which says the same as the key beside it."""
    page.locator("form#totp-setup").wait_for()
    address = urlsplit(scripts.read_qr(page, ".qr img"))
    secret = parse_qs(address.query)["secret"][0]
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert page.locator("#secret").inner_text().replace(" ", "") == secret
    return pyotp.TOTP(secret)


def next_code(cloud: LocalCloud, app_on_phone: pyotp.TOTP) -> str:
    """A code that has not been used: the clock moves on first."""
    return app_on_phone.at(int(cloud.advance(31)))


def sign_in_anew(page: Page, app: App, email: str) -> Authorization:
    """The authorization for which somebody, signed in or not, enters the password again."""
    authorization = app.begin(prompt="login")
    page.goto(authorization.url)
    pages.sign_in(page, email)
    return authorization
