"""What a sign-in may ask behind the password: a new password, an authenticator app, its set-up, a choice."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from lxml import etree

from localcloud.managed_login import authorization
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.pages import challenges
from localcloud.managed_login.pages.messages import Message
from localcloud.managed_login.request import LoginRequest
from tests.browserless import Browser, Page, Reply
from tests.localcloud.managed_login.pages_site import DOMAIN, PASSWORD, TRIGGER, WANTED, Site

ADA = "ada@example.com"
NEW_PASSWORD = "Another1!horse"


@pytest.fixture
def site() -> Site:
    return Site.make()


def sign_in(site: Site, browser: Browser, password: str = PASSWORD) -> Page:
    browser.open(site.address())
    return browser.submit("sign-in", username=ADA, password=password)


def invited(**settings: Any) -> Site:
    """A site with a user whom an administrator has just made."""
    site = Site.make(**settings)
    site.call(
        "AdminCreateUser",
        UserPoolId=site.pool_id,
        Username=ADA,
        TemporaryPassword=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": ADA}],
        MessageAction="SUPPRESS",
    )
    return site


def test_a_temporary_password_is_replaced_on_the_way() -> None:
    site = invited()
    browser = site.browser()
    page = sign_in(site, browser)
    assert (page.title, list(page.forms)) == ("Choose a password", ["new-password"])
    page = browser.submit(password="short")
    assert (page.status, page.error) == (400, "The password is too short.")
    browser.submit(password=NEW_PASSWORD)
    assert site.signed_in_as(browser) == site.stored().sub
    sign_in(site, browser, NEW_PASSWORD)
    assert site.signed_in_as(browser) == site.stored().sub


def test_attributes_that_are_missing_are_asked_with_the_new_password() -> None:
    site = invited(Schema=[{"Name": "given_name", "Required": True}, {"Name": "email", "Required": True}])
    browser = site.browser()
    page = sign_in(site, browser)
    assert [name for name in page.form.fields if "userAttributes" in name] == ["userAttributes.given_name"]
    page = browser.submit(password="short", **{"userAttributes.given_name": "Ada"})
    assert page.form.fields["userAttributes.given_name"] == "Ada"
    browser.submit(password=NEW_PASSWORD)
    assert site.signed_in_as(browser) == site.stored().sub
    assert site.stored().attributes["given_name"] == "Ada"


def test_a_code_of_the_authenticator_app_is_asked_and_may_be_corrected(site: Site) -> None:
    site.take_totp("OPTIONAL")
    user, browser = site.user(totp=True), site.browser()
    page = sign_in(site, browser)
    assert (page.title, list(page.forms)) == ("Enter your code", ["totp"])
    code = page.by_id("code")
    assert code is not None
    assert (code["autocomplete"], code["inputmode"]) == ("one-time-code", "numeric")
    page = browser.submit(code="000000")
    assert (page.status, page.title, page.error) == (400, "Enter your code", "The code is not right. Try again.")
    assert browser.cookie("cognito") is None
    right = site.totp(user.totp_secret)
    browser.submit(code=f"{right[:3]} {right[3:]}")
    assert site.signed_in_as(browser) == user.sub


def test_after_too_many_wrong_codes_the_sign_in_begins_again(site: Site) -> None:
    """Attack: guessing the code."""
    site.take_totp("OPTIONAL")
    user, browser = site.user(totp=True), site.browser()
    sign_in(site, browser)
    titles = [browser.submit(code="000000").title for _ in range(5)]
    assert titles == ["Enter your code"] * 4 + ["Sign in"]
    assert browser.page.form.fields["username"] == ADA
    browser.submit("sign-in", password=PASSWORD)
    browser.submit("totp", code=site.totp(user.totp_secret))
    assert site.signed_in_as(browser) == user.sub


def test_a_code_that_was_used_is_said_so(site: Site) -> None:
    site.take_totp("OPTIONAL")
    user, browser = site.user(totp=True), site.browser()
    sign_in(site, browser)
    code = site.totp(user.totp_secret)
    browser.submit(code=code)
    sign_in(site, browser)
    assert browser.submit(code=code).error == "This code was used before. Wait for the next one."


def test_who_comes_back_too_late_begins_again(site: Site) -> None:
    site.take_totp("OPTIONAL")
    user, browser = site.user(totp=True), site.browser()
    sign_in(site, browser)
    site.cloud.clock.advance(3601)
    page = browser.submit(code=site.totp(user.totp_secret))
    assert (page.status, page.title) == (400, "Sign in")
    assert page.error == "That took too long, or went wrong too often. Sign in again."
    assert page.form.fields["username"] == ADA


def test_an_answer_counts_once(site: Site) -> None:
    """Attack: a posted code, sent again by whoever uses the browser later."""
    site.take_totp("OPTIONAL")
    user, browser = site.user(totp=True), site.browser()
    form = sign_in(site, browser).form
    values = {**form.fields, "code": site.totp(user.totp_secret)}
    browser.post(form, values)
    site.signed_in_as(browser)
    browser.open(site.address())
    assert browser.post(form, values).title == "Sign in"


def test_a_session_of_another_challenge_answers_nothing(site: Site) -> None:
    """Attack: the set-up of another app in place of the code of the one that is there."""
    site.take_totp("OPTIONAL")
    user, browser = site.user(totp=True), site.browser()
    form = sign_in(site, browser).form
    values = {**form.fields, "challenge": "MFA_SETUP", "code": site.totp(user.totp_secret)}
    assert browser.post(form, values).title == "Sign in"
    assert site.stored().totp_secret == user.totp_secret


def test_an_app_is_set_up_by_a_picture_or_a_key(site: Site) -> None:
    site.take_totp("ON")
    user, browser = site.user(), site.browser()
    page = sign_in(site, browser)
    assert (page.title, list(page.forms)) == ("Set up an authenticator app", ["totp-setup"])
    secret = page.text_of("secret")
    address = urlsplit(next(a["href"] for a in page.all("a") if a["href"].startswith("otpauth:")))
    assert (address.scheme, address.netloc, unquote(address.path)) == ("otpauth", "totp", f"/people:{ADA}")
    assert parse_qs(address.query) == {"secret": [secret], "issuer": ["people"]}
    (image,) = page.all("img")
    assert image["alt"].startswith("QR code")
    kind, _, data = image["src"].partition(",")
    assert kind.startswith("data:image/svg+xml")
    assert etree.fromstring(unquote(data).encode()).tag.endswith("svg")
    page = browser.submit(code="000000")
    assert (page.status, page.error, page.text_of("secret")) == (400, "The code is not right. Try again.", secret)
    browser.submit(code=site.totp(secret))
    assert site.signed_in_as(browser) == user.sub
    assert site.stored().totp_secret == secret
    assert sign_in(site, browser).title == "Enter your code"


def test_what_goes_wrong_behind_the_last_code_is_said_on_the_sign_in_page() -> None:
    site = Site.make(LambdaConfig={"PostAuthentication": TRIGGER})
    site.take_totp("ON")
    site.user()
    site.said["PostAuthentication_Authentication"] = "Not today."
    browser = site.browser()
    secret = sign_in(site, browser).text_of("secret")
    page = browser.submit(code=site.totp(secret))
    assert (page.title, page.error) == ("Sign in", "This was not accepted: Not today")


@pytest.mark.parametrize("name", ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "SMS_MFA", "<script>", ""])
def test_a_challenge_without_a_page_is_refused(site: Site, name: str) -> None:
    site.take_totp("OPTIONAL")
    site.user(totp=True)
    browser = site.browser()
    form = sign_in(site, browser).form
    page = browser.post(form, {**form.fields, "challenge": name})
    assert (page.status, page.title) == (400, "Something went wrong")


def asked(site: Site, **form: str) -> LoginRequest:
    """A request of somebody who is in the middle of a sign-in."""
    return LoginRequest(site.context, site.pool, DOMAIN, "", "POST", "/login", query=WANTED, form=form)


def test_a_choice_of_second_factors_is_a_choice(site: Site) -> None:
    """The engine asks no such thing yet; when it does, the page is there."""
    request = asked(site, username=ADA)
    wanted = authorization.read(request, request.query)
    parameters = {"MFAS_CAN_CHOOSE": json.dumps(["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"])}
    answer = challenges.ask(request, wanted, "SELECT_MFA_TYPE", "the session", parameters)
    browser = Browser(lambda *_: _reply(answer.body))
    page = browser.open(site.address())
    assert [found["value"] for found in page.form.inputs if found["type"] == "radio"] == [
        "SOFTWARE_TOKEN_MFA",
        "EMAIL_OTP",
    ]
    form = {**page.form.fields, "answer": "EMAIL_OTP"}
    assert challenges.find("SELECT_MFA_TYPE").answer(form) == {"ANSWER": "EMAIL_OTP"}
    again = challenges.ask_again(asked(site, **form), wanted, "SELECT_MFA_TYPE", Message("invalid_input"))
    assert again.body.count(b'type="radio"') == 2
    with pytest.raises(PageError, match="CUSTOM_CHALLENGE"):
        challenges.ask(request, wanted, "CUSTOM_CHALLENGE", "the session", {})


def _reply(body: bytes) -> Reply:
    return Reply(200, [("content-type", "text/html")], body)
