"""What people do on the pages: each function fills in one form, in whatever language it is, and sends it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.journeys.people import PASSWORD
from tests.local_cloud import LocalCloud


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Enter the name and the password."""
    fill(page, "sign-in", username=email, password=password)


def sign_up(page: Page, email: str, password: str = PASSWORD) -> None:
    """Make an account, from the sign-in page."""
    page.locator("main a[href*='/signup?']").click()
    fill(page, "sign-up", username=email, password=password)


def confirm(page: Page, code: str) -> None:
    """Enter the code that was sent for a new account."""
    fill(page, "confirm", code=code)


def forget(page: Page, email: str) -> None:
    """Ask for a code to set a new password with, from the sign-in page."""
    page.locator("main a[href*='/forgotPassword?']").click()
    fill(page, "forgot", username=email)


def reset(page: Page, code: str, password: str) -> None:
    """Set a new password with that code."""
    fill(page, "reset", code=code, password=password)


def choose_password(page: Page, password: str) -> None:
    """Replace a temporary password."""
    fill(page, "new-password", password=password)


def enter_totp(page: Page, code: str, *, form: str = "totp", remember: bool = False) -> None:
    """Enter the authenticator app's code; and have this browser remembered, or not."""
    page.locator(f"form#{form} [name=remember_device]").set_checked(remember)
    fill(page, form, code=code)


def provider(page: Page, name: str) -> Locator:
    """The way to a provider."""
    return page.locator(f"[data-provider={name}]")


def with_account(page: Page, address: str, cloud: LocalCloud, email: str) -> None:
    """Make an account at an authorization's address, and confirm it."""
    page.goto(address)
    sign_up(page, email)
    confirm(page, cloud.code(email))


def fill(page: Page, form: str, **values: str) -> None:
    """Fill in the inputs of a form by their names, send it, and wait for the page that follows."""
    fields = page.locator(f"form#{form}")
    for name, value in values.items():
        fields.locator(f"[name={name}]").fill(value)
    # A click alone would be done before the next page is there, which may look like this one.
    with page.expect_navigation():
        fields.locator("button[type=submit]").first.click()
