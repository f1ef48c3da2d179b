"""What people do on the pages: each function fills in one form, as its labels say, and sends it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.journeys.people import PASSWORD
from tests.local_cloud import LocalCloud


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Enter the name and the password."""
    _send(page, "sign-in", username=email, password=password)


def sign_up(page: Page, email: str, password: str = PASSWORD) -> None:
    """Make an account, from the sign-in page."""
    page.get_by_role("link", name="Create an account").click()
    _send(page, "sign-up", username=email, password=password)


def confirm(page: Page, code: str) -> None:
    """Enter the code that was sent for a new account."""
    _send(page, "confirm", code=code)


def forget(page: Page, email: str) -> None:
    """Ask for a code to set a new password with, from the sign-in page."""
    page.get_by_role("link", name="Forgot your password?").click()
    _send(page, "forgot", username=email)


def reset(page: Page, code: str, password: str) -> None:
    """Set a new password with that code."""
    _send(page, "reset", code=code, password=password)


def choose_password(page: Page, password: str) -> None:
    """Replace a temporary password."""
    _send(page, "new-password", password=password)


def enter_totp(page: Page, code: str, *, form: str = "totp", remember: bool = False) -> None:
    """Enter the authenticator app's code; and have this browser remembered, or not."""
    page.locator(f"form#{form}").get_by_label("Remember this device").set_checked(remember)
    _send(page, form, code=code)


def provider(page: Page, name: str) -> Locator:
    """The way to a provider."""
    return page.locator(f"[data-provider={name}]")


def with_account(page: Page, address: str, cloud: LocalCloud, email: str) -> None:
    """Make an account at an authorization's address, and confirm it."""
    page.goto(address)
    sign_up(page, email)
    page.locator("form#confirm").wait_for()
    confirm(page, cloud.code(email))


def _send(page: Page, form: str, **values: str) -> None:
    fields = page.locator(f"form#{form}")
    for name, value in values.items():
        fields.locator(f"[name={name}]").fill(value)
    fields.locator("button[type=submit]").first.click()
