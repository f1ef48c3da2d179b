"""People of Google, Facebook and a company reach the app and what is theirs; by all of them, one is one user."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import pages, providers
from tests.browser.app import App, claims_of
from tests.browser.conftest import NewPage
from tests.browser.uploads import check_upload
from tests.local_cloud import LocalCloud


@pytest.mark.parametrize("provider", providers.NAMES)
def test_a_provider_to_upload(provider: str, app: App, page: Page, new_page: NewPage, email: str) -> None:
    claims, identity_id = arrive(app, page, provider, email)
    assert claims["email"] == email
    assert [identity["providerName"] for identity in claims["identities"]] == [provider]
    again, same_identity = arrive(app, new_page(), provider, email)
    assert (again["sub"], same_identity) == (claims["sub"], identity_id)


def test_an_own_account_and_all_providers_are_one_user(
    app: App, cloud: LocalCloud, page: Page, new_page: NewPage, email: str
) -> None:
    """The stack's trigger joins them at the first sign-in: each provider is trusted for the address's domain."""
    authorization = app.begin()
    pages.with_account(page, authorization.url, cloud, email)
    tokens = authorization.tokens(page)
    known = {(claims_of(tokens["id_token"])["sub"], check_upload(app, tokens))}
    for provider in providers.NAMES:
        claims, identity_id = arrive(app, new_page(), provider, email)
        known.add((claims["sub"], identity_id))
    assert len(known) == 1


def test_an_address_that_nobody_is_trusted_for_joins_nobody(app: App, page: Page, email: str) -> None:
    claims, _ = arrive(app, page, "Google", email.replace("example.com", "elsewhere.test"))
    assert claims["cognito:username"].startswith("google_")


def arrive(app: App, page: Page, provider: str, email: str) -> tuple[dict[str, Any], str]:
    """Sign in with a provider up to an upload: what the ID token says, and the identity's id."""
    authorization = app.begin()
    page.goto(authorization.url)
    pages.provider(page, provider).click()
    providers.choose(page, email)
    tokens = authorization.tokens(page)
    return claims_of(tokens["id_token"]), check_upload(app, tokens)
