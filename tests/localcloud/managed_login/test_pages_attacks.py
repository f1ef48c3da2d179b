"""Attacks on the pages through every parameter: nothing is shown but as text, nothing gets into a header."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.managed_login.pages import render
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool.branding import appearance
from localcloud.userpool.branding.images import Image
from tests.browserless import Page
from tests.localcloud.managed_login.pages_site import CALLBACK, DOMAIN, ENDPOINT, PASSWORD, WANTED, Site

PATHS = ("/login", "/signup", "/confirm", "/resendcode", "/forgotPassword", "/confirmForgotPassword")
PARAMETERS = (*WANTED, "nonce", "resource", "prompt", "lang", "login_hint", "identity_provider", "error", "notice", "x")
FIELDS = (
    "username",
    "password",
    "code",
    "challenge",
    "session",
    "answer",
    "choices",
    "remember_device",
    "userAttributes.email",
    "userAttributes.given_name",
    "userAttributes.<b>",
    "x",
)
HOSTILE = st.one_of(
    st.sampled_from(
        [
            '"><evil onload=alert(1)>',
            "'><evil>",
            "<evil>",
            "</title><evil>",
            "javascript:alert(1)",
            "a\r\nset-cookie: evil=1",
            "{{ 7 * 7 }}",
            "{0.__class__}",
            "{why}",
            "\0",
            "\u2028",
            "%0d%0aevil: 1",
            "SOFTWARE_TOKEN_MFA",
            "MFA_SETUP",
            "NEW_PASSWORD_REQUIRED",
            "SELECT_MFA_TYPE",
            "ja",
        ]
    ),
    st.text(max_size=40),
)


@pytest.fixture(scope="module")
def site() -> Site:
    site = Site.make(
        AutoVerifiedAttributes=["email"],
        Schema=[{"Name": "given_name", "Required": True}, {"Name": "email", "Required": True}],
    )
    site.take_totp("OPTIONAL")
    site.user(totp=True, given_name="<evil>")
    return site


def check(page: Page) -> None:
    """Nothing of an attacker's has become an element, an attribute, or a header."""
    assert page.status < 500
    for name, value in page.reply.headers:
        assert not set("\r\n\0") & set(name + value), (name, value)
        assert not name.startswith("evil")
        assert "evil=1" not in value or name == "location"
    for element in page.elements:
        assert element.tag != "evil", page.html
        assert not any(name.startswith("on") for name in element.attributes), page.html
        assert not element.attributes.get("href", "").startswith("javascript:"), page.html
    assert "49" not in page.text_of("messages")
    if location := page.reply.header("location"):
        assert location.startswith((CALLBACK, f"/_aws/auth/{DOMAIN}/")), location


@settings(max_examples=40)
@given(path=st.sampled_from(PATHS), query=st.dictionaries(st.sampled_from(PARAMETERS), HOSTILE, max_size=4))
def test_addresses_are_never_more_than_text(site: Site, path: str, query: dict[str, str]) -> None:
    browser = site.browser()
    check(browser.open(site.address(path, **query)))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", PARAMETERS)
def test_each_parameter_is_never_more_than_text(site: Site, path: str, name: str) -> None:
    for value in ('"><evil onload=alert(1)>', "javascript:alert(1)", "a\r\nevil: 1"):
        check(site.browser().open(site.address(path, **{name: value})))


@settings(max_examples=120)
@given(
    path=st.sampled_from(PATHS),
    query=st.dictionaries(st.sampled_from(["state", "lang", "login_hint", "x"]), HOSTILE, max_size=2),
    form=st.dictionaries(st.sampled_from(FIELDS), HOSTILE, max_size=6),
)
def test_forms_are_never_more_than_text(site: Site, path: str, query: dict[str, str], form: dict[str, str]) -> None:
    browser = site.browser()
    first = browser.open(site.address(path.replace("/resendcode", "/confirm"), **query))
    check(first)
    if not first.forms:
        return
    own = first.form
    own.action, own.buttons = site.address(path, **query), []
    page = browser.post(own, {"_csrf": own.fields["_csrf"], **form})
    check(page)
    for value in form.values():
        if "<evil" in value:
            assert value not in page.html


@settings(max_examples=60)
@given(form=st.dictionaries(st.sampled_from(FIELDS), HOSTILE, max_size=6))
def test_answers_to_a_challenge_are_never_more_than_text(site: Site, form: dict[str, str]) -> None:
    browser = site.browser()
    browser.open(site.address())
    page = browser.submit("sign-in", username="ada@example.com", password=PASSWORD)
    assert page.title == "Enter your code"
    check(browser.post(page.form, {**page.form.fields, **form}))


@settings(max_examples=60)
@given(
    name=st.sampled_from(["XSRF-TOKEN", "lang", "carried", "cognito", "accept-language", "user-agent"]),
    value=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=80),
)
def test_cookies_and_headers_are_never_more_than_text(site: Site, name: str, value: str) -> None:
    headers = {name: value} if name.endswith(("language", "agent")) else {"cookie": f"{name}={value}"}
    for path in ("/login", "/confirm", "/confirmForgotPassword"):
        check(site.browser(**headers).open(site.address(path)))


def test_what_was_stored_is_shown_as_text(site: Site) -> None:
    """Attack: an attribute, a provider or a trigger's text that is markup."""
    browser = site.browser()
    browser.open(site.address("/signup"))
    name = '"><evil>@example.com'
    page = browser.submit("sign-up", username=name, password=PASSWORD, **{"userAttributes.given_name": "<evil>"})
    check(page)
    assert page.title == "Confirm your account"
    assert page.form.fields["username"] == name


def test_the_page_that_goes_to_a_provider_takes_no_token_of_ours_with_it(site: Site) -> None:
    """Attack: a provider that posts our forms in the user's name."""
    request = LoginRequest(site.context, site.pool, DOMAIN, ENDPOINT, "GET", "/oauth2/authorize", query=WANTED)
    answer = render.hand_over(request, "https://idp.example.com/sso", {"SAMLRequest": '"><evil>', "RelayState": "s"})
    assert answer.body.count(b"<input") == 2
    assert b"_csrf" not in answer.body
    assert b"<evil>" not in answer.body
    assert b'<script src="/_aws/auth/shop/assets/submit.js' in answer.body


def test_assets_are_what_they_are_and_nothing_else_is_served(site: Site) -> None:
    """Attack: a path that leads out of the folder, or an image that a browser takes for a page."""
    types = {
        "style.css": "text/css",
        "brand.css": "text/css",
        "page.js": "text/javascript",
        "submit.js": "text/javascript",
    }
    for name, content_type in types.items():
        page = site.browser().open(site.address(f"/assets/{name}"))
        assert page.reply.header("content-type").startswith(content_type)
        assert page.reply.header("x-content-type-options") == "nosniff"
    for name in ("", "logo", "../render.py", "..%2frender.py", "%2e%2e/texts/en.json", "style.css/", "STYLE.CSS"):
        assert site.browser().open(site.address(f"/assets/{name}")).status == 404, name


def test_the_logo_of_the_client_is_shown_with_the_type_that_was_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = {name: Image(b"<svg/>", "image/svg+xml") for name in ("logo", "logo-dark", "background", "favicon")}
    look = appearance.Look(light={"page": "#ffffffff"}, images=images)
    monkeypatch.setattr(appearance, "look", lambda *_: look)
    monkeypatch.setattr(appearance, "images_of", lambda *_: images)
    browser = site.browser()
    page = browser.open(site.address())
    logo = page.all("img")[0]["src"]
    assert page.all("source")[0]["srcset"].startswith("/_aws/auth/shop/assets/logo-dark?")
    found = browser.open(f"{ENDPOINT}{logo}")
    assert (found.status, found.reply.header("content-type")) == (200, "image/svg+xml")
    assert "default-src 'none'" in found.reply.header("content-security-policy")
    css = browser.open(site.address("/assets/brand.css")).html
    assert f'body{{background-image:url("/_aws/auth/shop/assets/background?client_id={WANTED["client_id"]}")}}' in css
    assert urlsplit(logo).query == f"client_id={WANTED['client_id']}"
