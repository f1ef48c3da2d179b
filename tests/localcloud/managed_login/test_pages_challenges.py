"""What a sign-in may ask behind the password: a new password, an authenticator app, its set-up, a choice."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from lxml import etree

from localcloud.userpool.models import User
from tests.browserless import Browser, Page
from tests.localcloud.managed_login.pages_site import PASSWORD, TRIGGER, Site
from tests.localcloud.userpool.sign_ins import SES, SMS

ADA = "ada@example.com"
PHONE = "+81901235678"
NEW_PASSWORD = "Another1!horse"


@pytest.fixture
def site() -> Site:
    return Site.make()


def with_codes(mfa: str, *more: str, **settings: Any) -> Site:
    """A site that sends codes as second factors."""
    admin_only = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    site = Site.make(EmailConfiguration=SES, AccountRecoverySetting=admin_only, **settings)
    factors: dict[str, Any] = {f"{name}MfaConfiguration": {"Enabled": True} for name in more}
    # Without an address to choose from, there is no choice of text messages either.
    texts = {} if "UsernameAttributes" in settings else {"SmsMfaConfiguration": {"SmsConfiguration": SMS}}
    site.call(
        "SetUserPoolMfaConfig",
        UserPoolId=site.pool_id,
        MfaConfiguration=mfa,
        EmailMfaConfiguration={},
        **texts,
        **factors,
    )
    return site


def with_phone(site: Site) -> User:
    """A user with a phone number, who prefers codes by text message where MFA is on."""
    user = site.user(phone_number=PHONE)
    if site.pool.mfa == "ON":
        preferred = {"SMSMfaSettings": {"Enabled": True, "PreferredMfa": True}}
        site.call("AdminSetUserMFAPreference", UserPoolId=site.pool_id, Username=ADA, **preferred)
    return user


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


@pytest.mark.parametrize("name", ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "CUSTOM_CHALLENGE", "<script>", ""])
def test_a_challenge_without_a_page_is_refused(site: Site, name: str) -> None:
    site.take_totp("OPTIONAL")
    site.user(totp=True)
    browser = site.browser()
    form = sign_in(site, browser).form
    page = browser.post(form, {**form.fields, "challenge": name})
    assert (page.status, page.title) == (400, "Something went wrong")


def test_a_choice_of_second_factors_is_a_choice() -> None:
    site = with_codes("OPTIONAL")
    user, browser = with_phone(site), site.browser()
    preferences = {"SMSMfaSettings": {"Enabled": True}, "EmailMfaSettings": {"Enabled": True}}
    site.call("AdminSetUserMFAPreference", UserPoolId=site.pool_id, Username=ADA, **preferences)
    page = sign_in(site, browser)
    assert (page.title, list(page.forms)) == ("How do you want to confirm?", ["select-mfa"])
    assert [found["value"] for found in page.form.inputs if found["type"] == "radio"] == ["SMS_MFA", "EMAIL_OTP"]
    page = browser.submit(answer="SOFTWARE_TOKEN_MFA")
    assert (page.status, len([found for found in page.form.inputs if found["type"] == "radio"])) == (400, 2)
    assert browser.submit(answer="SMS_MFA").title == "Enter your code"
    browser.submit(code=site.sent_code(PHONE))
    assert site.signed_in_as(browser) == user.sub


def test_a_code_that_was_sent_may_be_corrected_and_the_browser_remembered() -> None:
    site = with_codes("ON")
    user, browser = with_phone(site), site.browser()
    page = sign_in(site, browser)
    assert "We have sent a code to +*******5678." in page.html
    page = browser.submit(code="000000")
    assert (page.status, page.title, page.error) == (400, "Enter your code", "The code is not right. Try again.")
    assert "+*******5678" in page.html
    browser.submit(code=site.sent_code(PHONE))
    assert site.signed_in_as(browser) == user.sub


def test_a_mail_address_is_set_up_beside_an_app_or_alone() -> None:
    site = with_codes("ON", "SoftwareToken", UsernameAttributes=[], AliasAttributes=[])
    site.call("AdminCreateUser", UserPoolId=site.pool_id, Username="ada", MessageAction="SUPPRESS")
    site.call("AdminSetUserPassword", UserPoolId=site.pool_id, Username="ada", Password=PASSWORD, Permanent=True)
    browser = site.browser()
    browser.open(site.address())
    page = browser.submit("sign-in", username="ada", password=PASSWORD)
    assert (page.title, list(page.forms)) == ("Set up an authenticator app", ["totp-setup", "email-setup"])
    page = browser.submit("email-setup", email="no address")
    assert (page.status, page.error) == (400, "This is not an e-mail address.")
    page = browser.submit("email-setup", email=ADA)
    assert page.title == "Enter your code"
    browser.submit(code=site.sent_code(ADA))
    assert site.stored("ada").attributes["email_verified"] == "true"
    alone = with_codes("ON", UsernameAttributes=[])
    alone.call("AdminCreateUser", UserPoolId=alone.pool_id, Username="ada", MessageAction="SUPPRESS")
    alone.call("AdminSetUserPassword", UserPoolId=alone.pool_id, Username="ada", Password=PASSWORD, Permanent=True)
    browser = alone.browser()
    browser.open(alone.address())
    page = browser.submit("sign-in", username="ada", password=PASSWORD)
    assert (page.title, list(page.forms)) == ("Get codes by e-mail", ["email-setup"])


def passwordless(**settings: Any) -> Site:
    """A site whose app takes codes in place of a password."""
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}}
    return Site.make(client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}, Policies=policies, **settings)


def by_code(site: Site, browser: Browser, button: str = "Send me a code by e-mail", name: str = ADA) -> Page:
    browser.open(site.address())
    return browser.submit("sign-in", username=name, button=button)


def test_a_code_signs_in_without_a_password() -> None:
    site = passwordless()
    user, browser = site.user(), site.browser()
    page = by_code(site, browser)
    assert page.title == "Enter your code"
    assert "If there is such an account, a code is on its way to a***@e***" in page.html
    assert "remember_device" not in page.html
    page = browser.submit(code="00000000")
    assert (page.status, page.error) == (400, "The code is not right. Try again.")
    browser.submit(code=site.sent_code(ADA))
    assert site.signed_in_as(browser) == user.sub


def test_nobody_sees_whether_there_is_such_an_account() -> None:
    """Attack: telling by the page of a code, or by its refusal."""
    site = passwordless()
    site.user()
    pages = []
    for name in (ADA, "anna@example.com"):
        browser = site.browser()
        first = by_code(site, browser, name=name)
        wrong = browser.submit(code="00000000")
        pages.append([(page.status, page.title, page.error, "a***@e***" in page.html) for page in (first, wrong)])
    assert pages[0] == pages[1]


def test_a_code_that_cannot_be_sent_is_said_so() -> None:
    site = passwordless()
    site.user()
    browser = site.browser()
    page = by_code(site, browser, "Send me a code by text message")
    assert (page.status, page.error) == (400, "A code cannot be sent to this account. Sign in another way.")
    page = by_code(site, browser, name="")
    assert (page.status, page.title) == (400, "Sign in")


def test_an_app_whose_users_do_not_choose_sends_no_codes(site: Site) -> None:
    """Attack: a form that the page did not show."""
    site.user()
    browser = site.browser()
    page = browser.open(site.address())
    assert "Send me a code" not in page.html
    form = page.forms["sign-in"]
    page = browser.post(form, {**form.fields, "username": ADA, "factor": "EMAIL_OTP"})
    assert (page.status, page.title) == (400, "Something went wrong")
