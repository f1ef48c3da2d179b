"""People of Google, Facebook and a company reach the app, and what is theirs; with an account linked, as one user."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from localcloud.stand_ins.models import Person
from tests.browser import pages, providers
from tests.browser.app import App, claims_of
from tests.browser.conftest import NewPage
from tests.browser.uploads import check_upload
from tests.local_cloud import LocalCloud


@pytest.mark.parametrize("provider", providers.NAMES)
def test_a_provider_to_upload(provider: str, app: App, page: Page, new_page: NewPage, email: str) -> None:
    claims, identity_id = arrive(app, page, provider, email)
    assert claims["cognito:username"].startswith(f"{provider}_")
    assert claims["identities"][0]["providerName"] == provider
    again, same_identity = arrive(app, new_page(), provider, email)
    assert (again["sub"], same_identity) == (claims["sub"], identity_id)


def test_a_linked_account_is_one_user(
    app: App, cloud: LocalCloud, page: Page, new_page: NewPage, root: Any, email: str
) -> None:
    authorization = app.begin()
    pages.with_account(page, authorization.url, cloud, email)
    tokens = authorization.tokens(page)
    own, identity_id = claims_of(tokens["id_token"]), check_upload(app, tokens)
    root.admin_link_provider_for_user(
        UserPoolId=app.settings.user_pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": own["cognito:username"]},
        SourceUser={
            "ProviderName": "Google",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": Person(email, "").number("google"),
        },
    )
    linked, same_identity = arrive(app, new_page(), "Google", email)
    assert (linked["sub"], same_identity) == (own["sub"], identity_id)


def arrive(app: App, page: Page, provider: str, email: str) -> tuple[dict[str, Any], str]:
    """Sign in with a provider up to an upload: what the ID token says, and the identity's id."""
    authorization = app.begin()
    page.goto(authorization.url)
    pages.provider(page, provider).click()
    providers.choose(page, email)
    tokens = authorization.tokens(page)
    return claims_of(tokens["id_token"]), check_upload(app, tokens)
