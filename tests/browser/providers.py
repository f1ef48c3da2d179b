"""The stand-ins, as providers of the stack's user pool, and the person whom somebody says to be there."""

from __future__ import annotations

from playwright.sync_api import Page

NAMES = ("Google", "Facebook", "Saml")


def choose(page: Page, email: str) -> None:
    """On a stand-in's page: be that person, whose address the provider has verified."""
    form = page.locator("form#somebody-else")
    form.get_by_label("E-mail address").fill(email)
    form.get_by_label("Name").fill("Some Body")
    form.get_by_role("button").click()
