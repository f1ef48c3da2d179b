"""Passkeys on the pages, with Chromium's own authenticator: added, used, given up, and where there is none.

A browser gives passkeys to names and not to addresses: the pages are opened at `localhost`.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser import app as apps
from tests.browser import pages
from tests.browser.app import App, Authorization
from tests.browser.conftest import NewPage
from tests.browser.looks import Looks
from tests.browser.people import add_user
from tests.browser.scripts import Scripts
from tests.browser.site import Site
from tests.journeys.people import unsigned_client
from tests.journeys.pools import FLOWS, Pool
from tests.local_cloud import LocalCloud


@pytest.fixture(scope="session")
def passkey_app(cloud: LocalCloud, site: Site, root: Any) -> App:
    """An app of a pool whose users sign in with a password or a passkey."""
    factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    app = apps.of_pool(cloud, site, Pool.make(cloud, Policies=factors).id)
    pool_id, client_id = app.settings.need("user_pool_id"), app.settings.need("app_client_id")
    root.update_user_pool_domain(UserPoolId=pool_id, Domain=app.domain, ManagedLoginVersion=2)
    described = root.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)["UserPoolClient"]
    kept = {name: value for name, value in described.items() if name not in ("CreationDate", "LastModifiedDate")}
    root.update_user_pool_client(**{**kept, "ExplicitAuthFlows": [*FLOWS, "ALLOW_USER_AUTH"]})
    return app


@pytest.fixture
def authenticator(page: Page) -> CDPSession:
    """The window's authenticator, which says yes to everything."""
    return plug_in(page)


def test_a_passkey_is_added_used_and_given_up(
    passkey_app: App, page: Page, authenticator: CDPSession, root: Any, cloud: LocalCloud, email: str
) -> None:
    add_user(passkey_app, root, email)
    tokens = sign_in(passkey_app, page, email)
    added = add(passkey_app, page)
    assert added.tokens(page)["access_token"]
    users = unsigned_client(cloud, "cognito-idp")
    (credential,) = users.list_web_authn_credentials(AccessToken=tokens["access_token"])["Credentials"]
    assert (credential["RelyingPartyId"], credential["AuthenticatorTransports"]) == ("localhost", ["internal"])

    for _ in range(2):
        assert use(passkey_app, page, email).tokens(page)["id_token"]

    users.delete_web_authn_credential(AccessToken=tokens["access_token"], CredentialId=credential["CredentialId"])
    use(passkey_app, page, email)
    expect(page.get_by_role("alert")).to_contain_text("no passkey")


def test_a_browser_without_the_passkey_says_so_and_the_password_still_works(
    passkey_app: App, page: Page, authenticator: CDPSession, new_page: NewPage, root: Any, email: str
) -> None:
    add_user(passkey_app, root, email)
    sign_in(passkey_app, page, email)
    add(passkey_app, page).tokens(page)

    elsewhere = new_page()
    plug_in(elsewhere)
    use(passkey_app, elsewhere, email)
    expect(elsewhere.get_by_role("alert")).to_contain_text("was not used")
    elsewhere.locator("form#passkey button").click()
    expect(elsewhere.get_by_role("alert")).to_contain_text("was not used")
    assert sign_in(passkey_app, elsewhere, email)


def test_a_user_who_is_not_signed_in_adds_nothing(passkey_app: App, page: Page) -> None:
    page.goto(here(passkey_app.begin().page("/passkeys/add")))
    expect(page.locator("form#sign-in")).to_be_visible()


def test_the_button_is_only_where_passkeys_work(passkey_app: App, app: App, page: Page) -> None:
    button = page.locator("[data-passkeys-of]")
    page.goto(passkey_app.begin().url)
    expect(button).to_be_hidden()
    page.goto(here(passkey_app.begin().url))
    expect(button).to_be_visible()
    page.goto(here(app.begin().url))
    expect(button).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_everybody_can_use_the_pages(
    passkey_app: App, new_page: NewPage, scripts: Scripts, root: Any, email: str, language: str
) -> None:
    """The rules of `test_every_page.py`."""
    looks, page = Looks(scripts, language), new_page(locale=language)
    plug_in(page)
    add_user(passkey_app, root, email)
    sign_in(passkey_app, page, email)
    page.goto(here(passkey_app.begin().page("/passkeys/add")))
    looks.check(page, "add-passkey")
    add(passkey_app, page).tokens(page)
    page.goto(here(passkey_app.begin(prompt="login").url))
    expect(page.locator("[data-passkeys-of]")).to_be_visible()
    looks.check(page, "sign-in-with-passkey")
    elsewhere = new_page(locale=language)
    plug_in(elsewhere)
    use(passkey_app, elsewhere, email)
    expect(elsewhere.locator("#passkey-failed")).to_be_visible()
    looks.check(elsewhere, "passkey-failed")


def here(url: str) -> str:
    """The same page at this machine's name."""
    return url.replace("//127.0.0.1:", "//localhost:", 1)


def plug_in(page: Page) -> CDPSession:
    """Give a window an authenticator that knows its user and always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **able}})
    return session


def sign_in(app: App, page: Page, email: str) -> dict[str, str]:
    """Sign in with the password."""
    authorization = app.begin(prompt="login")
    page.goto(here(authorization.url))
    pages.sign_in(page, email)
    return authorization.tokens(page)


def add(app: App, page: Page) -> Authorization:
    """Add a passkey; the app gets its code afterwards."""
    authorization = app.begin()
    page.goto(here(authorization.page("/passkeys/add")))
    page.locator("form#add-passkey button").click()
    return authorization


def use(app: App, page: Page, email: str) -> Authorization:
    """Sign in with a passkey."""
    authorization = app.begin(prompt="login")
    page.goto(here(authorization.url))
    page.locator("form#sign-in [name=username]").fill(email)
    page.locator("[data-passkeys-of]").click()
    return authorization
