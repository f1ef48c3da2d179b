"""Passkeys on the pages without a browser's script: where they are, and what a form made by hand gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.managed_login import models as login
from localcloud.store import replaced
from localcloud.userpool.factors.passkey_state import WebAuthnCredential
from localcloud.userpool.models import AppClient, Domain
from tests.authenticator import Authenticator
from tests.browserless import Browser, Page
from tests.localcloud.managed_login.pages_site import CLIENT, DOMAIN, PASSWORD, Site

ADA, BOB = "ada@example.com", "bob@example.com"
FACTORS = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
FLOWS = {"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}
HERE = "http://localhost:4566"


def make(version: int = 2, client: dict[str, Any] = FLOWS, policies: dict[str, Any] = FACTORS) -> Site:
    site = Site.make(client=client, Policies=policies)
    site.cloud.store.put(Domain(DOMAIN, site.pool_id, version))
    site.user()
    return site


@pytest.fixture
def site() -> Site:
    return make()


def sign_in(site: Site, name: str = ADA) -> Browser:
    browser = site.browser()
    browser.open(site.address())
    browser.submit("sign-in", username=name, password=PASSWORD)
    return browser


def add(site: Site, browser: Browser, authenticator: Authenticator | None = None) -> Authenticator:
    page = browser.open(site.address("/passkeys/add"))
    made = authenticator or Authenticator(origin=HERE)
    browser.submit("add-passkey", credential=json.dumps(made.make(json.loads(page.form.fields["options"]))))
    return made


def ask(site: Site, browser: Browser, name: str = ADA) -> Page:
    browser.open(site.address())
    return browser.submit("sign-in", username=name, factor="WEB_AUTHN")


def answer(browser: Browser, authenticator: Authenticator) -> Page:
    options = browser.page.form.fields["options"]
    return browser.submit("passkey", credential=json.dumps(authenticator.answer(options)))


def test_a_passkey_is_added_and_signs_in_to_the_app(site: Site) -> None:
    adding = sign_in(site)
    authenticator = add(site, adding)
    assert site.signed_in_as(adding) == site.stored().sub
    browser = site.browser()
    ask(site, browser)
    answer(browser, authenticator)
    assert site.signed_in_as(browser) == site.stored().sub


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 1},
        {"client": {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}},
        {"policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}}},
    ],
    ids=["classic pages", "a client without a choice", "a pool without passkeys"],
)
def test_where_there_are_no_passkeys_a_form_made_by_hand_gets_nowhere(wrong: dict[str, Any]) -> None:
    site = make(**wrong)
    browser = sign_in(site)
    assert browser.open(site.address("/passkeys/add")).status == 400
    assert "data-passkeys-of" not in browser.open(site.address(prompt="login")).html
    assert ask(site, site.browser()).status == 400


def test_somebody_without_a_passkey_is_told_to_use_the_password(site: Site) -> None:
    page = ask(site, site.browser())
    assert (page.status, page.error) == (400, "There is no passkey to sign in with here. Use your password.")


def test_an_answer_that_does_not_count_begins_anew(site: Site) -> None:
    authenticator = add(site, sign_in(site))
    browser = site.browser()
    ask(site, browser)
    authenticator.origin = "https://evil.example"
    page = answer(browser, authenticator)
    assert (page.status, list(page.forms)) == (400, ["sign-in"])


def test_an_empty_answer_may_be_given_again(site: Site) -> None:
    authenticator = add(site, sign_in(site))
    browser = site.browser()
    ask(site, browser)
    page = browser.submit("passkey", credential="")
    assert (page.status, page.error) == (400, "The passkey was not used. Try again, or sign in another way.")
    answer(browser, authenticator)
    assert site.signed_in_as(browser) == site.stored().sub


def test_another_users_passkey_does_not_sign_in(site: Site) -> None:
    add(site, sign_in(site))
    site.user(BOB)
    bobs = add(site, sign_in(site, BOB))
    browser = site.browser()
    ask(site, browser)
    assert answer(browser, bobs).status == 400


def test_only_whoever_is_signed_in_here_adds_a_passkey(site: Site) -> None:
    page = site.browser().open(site.address("/passkeys/add"))
    assert list(page.forms) == ["sign-in"]


def test_a_form_of_another_site_adds_nothing(site: Site) -> None:
    """Attack: a page that posts the attacker's own passkey in the name of whoever looks at it."""
    browser = sign_in(site)
    page = browser.open(site.address("/passkeys/add"))
    made = Authenticator(origin=HERE).make(json.loads(page.form.fields["options"]))
    assert browser.submit("add-passkey", credential=json.dumps(made), _csrf="0" * 64).status == 400
    assert site.cloud.store.count(WebAuthnCredential) == 0


def test_a_session_of_another_provider_adds_nothing(site: Site) -> None:
    """Attack: a passkey that lets somebody in whom the provider has locked out."""
    browser = sign_in(site)
    (kept,) = site.cloud.store.find(login.BrowserSession)
    site.cloud.store.put(replaced(kept, provider="Company"))
    assert list(browser.open(site.address("/passkeys/add")).forms) == ["sign-in"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "1", '{"response": {}}'])
def test_a_broken_passkey_is_not_added(site: Site, text: str) -> None:
    browser = sign_in(site)
    browser.open(site.address("/passkeys/add"))
    page = browser.submit("add-passkey", credential=text)
    assert (page.status, page.error) == (400, "This passkey cannot be added. Try again.")


def test_twenty_passkeys_and_no_more(site: Site) -> None:
    browser = sign_in(site)
    for _ in range(20):
        add(site, browser)
    page = browser.open(site.address("/passkeys/add"))
    assert (page.status, list(page.forms)) == (400, [])
    assert page.error == "This account has as many passkeys as it can have. Delete one first."


def test_a_sign_in_that_the_pages_began_is_not_ended_by_the_api(site: Site) -> None:
    """Attack: tokens of the API for a sign-in that has only the browser's cookies behind it."""
    authenticator = add(site, sign_in(site))
    browser = site.browser()
    form = ask(site, browser).form
    client = site.cloud.store.get(AppClient, CLIENT)
    assert client is not None
    credential = json.dumps(authenticator.answer(form.fields["options"]))
    with pytest.raises(Exception, match="Invalid session"):
        site.call(
            "RespondToAuthChallenge",
            ClientId=CLIENT,
            ChallengeName="WEB_AUTHN",
            Session=form.fields["session"],
            ChallengeResponses={"USERNAME": ADA, "CREDENTIAL": credential},
        )
