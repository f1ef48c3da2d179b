"""Signing in on the pages: password, providers, errors, and the way back to the app."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.assessments import Assessment
from localcloud.store import replaced
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.models import AppClient
from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.managed_login.pages_site import CLIENT, PASSWORD, START, Site


@pytest.fixture
def site() -> Site:
    return Site.make()


def add_provider(site: Site, name: str, kind: str) -> None:
    site.cloud.store.put(IdentityProvider(site.pool_id, name, kind, {}, {}, [], START, START))


def test_the_right_password_brings_a_code_to_the_app(site: Site) -> None:
    user, browser = site.user(), site.browser()
    page = browser.open(site.address())
    assert (page.status, page.title) == (200, "Sign in")
    assert list(page.forms) == ["sign-in"]
    browser.submit("sign-in", username="ada@example.com", password=PASSWORD)
    assert site.signed_in_as(browser) == user.sub
    assert browser.cookie("cognito")


def test_a_space_that_a_keyboard_adds_to_the_name_does_not_matter(site: Site) -> None:
    user, browser = site.user(), site.browser()
    browser.open(site.address())
    browser.submit(username="ada@example.com ", password=PASSWORD)
    assert site.signed_in_as(browser) == user.sub


@pytest.mark.parametrize("name", ["ada@example.com", "nobody@example.com"])
def test_a_wrong_password_keeps_the_name_and_tells_nothing_of_who_exists(site: Site, name: str) -> None:
    site.user()
    browser = site.browser()
    browser.open(site.address())
    page = browser.submit(username=name, password="Wrong1!horse")
    assert (page.status, page.error) == (400, "The username or the password is not right.")
    assert page.form.fields["username"] == name
    assert page.form.fields["password"] == ""
    assert "Wrong1!horse" not in page.html


@pytest.mark.parametrize("name", ["ada@example.com", "nobody@example.com"])
def test_attack_guessing_a_password_on_the_page(site: Site, name: str) -> None:
    site.user()
    browser = site.browser()
    browser.open(site.address())
    for _ in range(5):
        page = browser.submit(username=name, password="Wrong1!horse")
        assert page.error == "The username or the password is not right."
    page = browser.submit(username=name, password=PASSWORD)
    assert (page.status, page.error) == (400, "Too many attempts. Wait for a while and try again.")


def test_where_the_client_does_not_hide_users_an_unknown_one_is_told_so() -> None:
    site = Site.make(client={"PreventUserExistenceErrors": "LEGACY"})
    browser = site.browser()
    browser.open(site.address())
    assert browser.submit(username="nobody@example.com", password="x").error == "There is no such account."


def test_a_disabled_user_is_told_so_behind_the_right_password_only(site: Site) -> None:
    site.user()
    site.call("AdminDisableUser", UserPoolId=site.pool_id, Username="ada@example.com")
    browser = site.browser()
    browser.open(site.address())
    assert "not right" in browser.submit(username="ada@example.com", password="wrong").error
    assert "switched off" in browser.submit(username="ada@example.com", password=PASSWORD).error


def test_the_hint_of_the_app_is_filled_in(site: Site) -> None:
    page = site.browser().open(site.address(login_hint="ada@example.com"))
    assert page.form.fields["username"] == "ada@example.com"


def test_providers_are_links_that_take_the_request_with_them(site: Site) -> None:
    add_provider(site, "Google", "Google")
    add_provider(site, "LoginWithAmazon", "LoginWithAmazon")
    add_provider(site, "Office", "SAML")
    add_provider(site, "Other", "OIDC")
    names = ["COGNITO", "Google", "LoginWithAmazon", "Office"]
    site.cloud.store.update(
        AppClient,
        (CLIENT,),
        lambda kept: replaced(kept, config={**kept.config, "SupportedIdentityProviders": names}),
    )
    page = site.browser().open(site.address())
    links = {a["data-provider"]: a for a in page.all("a") if "data-provider" in a.attributes}
    assert {name: a.text for name, a in links.items()} == {
        "Google": "Continue with Google",
        "LoginWithAmazon": "Continue with Amazon",
        "Office": "Continue with Office",
    }
    address = page.provider("Google")
    assert "/oauth2/authorize?" in address
    assert "identity_provider=Google" in address
    assert "code_challenge=" in address


def test_without_cognito_there_is_no_password_form_and_no_password_is_taken() -> None:
    """Attack: a password where the app lets in only users of another provider."""
    site = Site.make(client={"SupportedIdentityProviders": ["Google"]})
    add_provider(site, "Google", "Google")
    site.user()
    browser = site.browser()
    page = browser.open(site.address())
    assert page.forms == {}
    assert not any("sign up" in a.text.lower() for a in page.all("a"))
    with_form = Site.make().browser()
    form = with_form.open(site.address()).form
    refused = browser.post(form, {**form.fields, "username": "ada@example.com", "password": PASSWORD})
    assert (refused.status, refused.title) == (400, "Something went wrong")


@pytest.mark.parametrize(
    ("settings", "text", "shown"),
    [
        ({}, "Create an account", True),
        ({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}, "Create an account", False),
        ({}, "Forgot your password?", True),
        (
            {"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}},
            "Forgot your password?",
            False,
        ),
    ],
)
def test_only_what_the_pool_allows_is_offered(settings: dict[str, Any], text: str, shown: bool) -> None:
    page = Site.make(**settings).browser().open(Site.make().address())
    assert any(text in a.text for a in page.all("a")) is shown


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ({"UsernameAttributes": ["email"]}, "E-mail address"),
        ({"UsernameAttributes": ["phone_number"]}, "Phone number"),
        ({"UsernameAttributes": ["phone_number", "email"]}, "E-mail address or phone number"),
        ({"UsernameAttributes": []}, "Username"),
        ({"UsernameAttributes": [], "AliasAttributes": ["email"]}, "Username or e-mail address"),
        (
            {"UsernameAttributes": [], "AliasAttributes": ["phone_number", "preferred_username", "email"]},
            "Username, e-mail address or phone number",
        ),
    ],
)
def test_the_name_field_says_what_the_pool_takes(settings: dict[str, Any], label: str) -> None:
    site = Site.make(**settings)
    page = site.browser().open(site.address())
    assert next(found.text for found in page.all("label") if found["for"] == "username") == label


def test_a_form_of_another_page_is_refused(site: Site) -> None:
    """Attack: another site's page that posts the sign-in form, so that its victim goes on as somebody else."""
    site.user()
    other, victim = site.browser(), site.browser()
    form = other.open(site.address()).form
    victim.open(site.address())
    page = victim.post(form, {**form.fields, "username": "ada@example.com", "password": PASSWORD})
    assert (page.status, page.title) == (400, "Something went wrong")
    assert victim.cookie("cognito") is None
    # The person gets on from there.
    assert victim.open(page.link("Try again")).title == "Sign in"


def test_a_redirect_uri_of_somebody_else_is_never_gone_to(site: Site) -> None:
    for change in ({"redirect_uri": "https://evil.example.com/"}, {"client_id": "other"}):
        page = site.browser().open(site.address(**change))
        assert (page.status, page.left, page.title) == (400, False, "Something went wrong")
        assert page.text_of("reference")
        assert "evil" not in page.html


def test_an_app_on_its_own_scheme_is_gone_back_to() -> None:
    site = Site.make(client={"CallbackURLs": ["myapp://callback"]})
    site.user()
    browser = site.browser()
    browser.open(site.address(redirect_uri="myapp://callback"))
    browser.submit(username="ada@example.com", password=PASSWORD)
    assert browser.page.url.startswith("myapp://callback?code=")


def test_what_a_trigger_refuses_with_is_shown(site: Site) -> None:
    site = Site.make(LambdaConfig={"PostAuthentication": "arn:aws:lambda:us-east-1:000000000000:function:t"})
    site.user()
    site.said["PostAuthentication_Authentication"] = "Not on <b>Sundays</b>."
    browser = site.browser()
    browser.open(site.address())
    page = browser.submit(username="ada@example.com", password=PASSWORD)
    assert page.error == "This was not accepted: Not on <b>Sundays</b>"
    assert "<b>" not in page.html


def test_the_sign_in_page_keeps_no_password_out_of_a_cache(site: Site) -> None:
    page = site.browser().open(site.address())
    assert page.reply.header("cache-control") == "no-store"


@pytest.mark.parametrize(("action", "outcome"), [("BLOCK", "blocked"), ("MFA_REQUIRED", "asked"), ("NO_ACTION", "in")])
def test_a_sign_in_with_a_risk_is_met_as_by_the_api(action: str, outcome: str) -> None:
    site = Site.make(UserPoolTier="PLUS")
    no_leaks = {"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}}}
    takeover = {"Actions": {"HighAction": {"EventAction": action, "Notify": False}}}
    site.call("SetRiskConfiguration", UserPoolId=site.pool_id, AccountTakeoverRiskConfiguration=takeover, **no_leaks)
    protected = {"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
    site.cloud.store.put(replaced(site.pool, config={**site.pool.config, **protected}))
    site.take_totp("OPTIONAL")
    user = site.user()
    update_user(site.context, site.pool, user.sub, lambda kept: replaced(kept, totp_secret="JBSWY3DPEHPK3PXP"))
    site.cloud.assessments.put(Assessment("High", username="ada@example.com"))
    browser = site.browser()
    browser.open(site.address())
    page = browser.submit("sign-in", username="ada@example.com", password=PASSWORD)
    if outcome == "blocked":
        assert (page.status, page.error) == (400, "This sign-in was blocked for security reasons.")
    elif outcome == "asked":
        assert "code" in page.form.fields
    else:
        assert site.signed_in_as(browser) == user.sub
