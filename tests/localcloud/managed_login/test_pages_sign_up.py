"""Making an account on the pages, and confirming it."""

from __future__ import annotations

import pytest

from localcloud.store import replaced
from localcloud.userpool.accounts.users import update_user
from tests.browserless import Browser, Page
from tests.localcloud.managed_login.pages_site import PASSWORD, TRIGGER, Site

ADA = "ada@example.com"


@pytest.fixture
def site() -> Site:
    return Site.make()


def sign_up(site: Site, browser: Browser, name: str = ADA, **values: str) -> Page:
    browser.open(site.address())
    browser.open(browser.page.link("Create an account"))
    return browser.submit("sign-up", username=name, password=PASSWORD, **values)


def test_who_signs_up_and_confirms_is_in_the_app(site: Site) -> None:
    browser = site.browser()
    page = sign_up(site, browser)
    assert page.title == "Confirm your account"
    assert "a***@e***" in page.html
    browser.submit("confirm", code=site.sent_code())
    assert site.signed_in_as(browser) == site.stored().sub
    assert site.stored().attributes["email_verified"] == "true"


def test_a_phone_that_forgot_the_page_meanwhile_shows_it_again(site: Site) -> None:
    browser = site.browser()
    sign_up(site, browser)
    page = browser.open(browser.page.url)
    assert page.form.fields["username"] == ADA
    browser.submit(code=site.sent_code())
    assert site.signed_in_as(browser) == site.stored().sub


def test_another_browser_that_has_the_code_confirms_and_has_to_sign_in(site: Site) -> None:
    """Attack: an account that is opened by its code alone."""
    sign_up(site, site.browser())
    other = site.browser()
    other.open(site.address("/confirm"))
    page = other.submit("confirm", username=ADA, code=site.sent_code())
    assert (page.title, page.notice) == ("Sign in", "Your account is confirmed. You can sign in.")
    assert page.form.fields["username"] == ADA
    assert other.cookie("cognito") is None
    other.submit(password=PASSWORD)
    assert site.signed_in_as(other) == site.stored().sub


def test_a_password_that_was_replaced_meanwhile_opens_nothing(site: Site) -> None:
    """Attack: going on with what an old password has proven."""
    browser = site.browser()
    sign_up(site, browser)
    settings = {"UserPoolId": site.pool_id, "Username": ADA, "Password": "Another1!horse"}
    code = site.sent_code()
    user = site.stored()
    site.call("AdminSetUserPassword", **settings, Permanent=True)
    update_user(site.context, site.pool, user.sub, lambda kept: replaced(kept, status="UNCONFIRMED"))
    page = browser.submit("confirm", code=code)
    assert (page.left, page.title) == (False, "Sign in")


def test_who_is_not_confirmed_yet_is_asked_for_the_code_behind_the_right_password(site: Site) -> None:
    sign_up(site, site.browser())
    later = site.browser()
    later.open(site.address())
    assert "not right" in later.submit(username=ADA, password="wrong").error
    assert later.submit(password=PASSWORD).title == "Confirm your account"
    page = later.submit("confirm", button="another code")
    assert page.notice == "Another code is on its way. The one before it is void."
    assert site.codes_sent() == 2
    later.submit("confirm", code=site.sent_code())
    assert site.signed_in_as(later) == site.stored().sub


def test_a_wrong_code_may_be_corrected(site: Site) -> None:
    browser = site.browser()
    sign_up(site, browser)
    page = browser.submit(code="000000" if site.sent_code() != "000000" else "111111")
    assert (page.status, page.title) == (400, "Confirm your account")
    assert page.error.startswith("The code is not right, or it has expired.")
    code = site.sent_code()
    browser.submit(code=f"{code[:3]} {code[3:]}")
    assert site.signed_in_as(browser) == site.stored().sub


def test_wrong_codes_and_new_ones_tell_nothing_of_who_exists(site: Site) -> None:
    """Attack: asking who exists, and who has confirmed, by codes that are wrong or asked for again."""
    site.user(ADA)
    sign_up(site, site.browser(), "bob@example.com")
    pages = []
    for name in (ADA, "bob@example.com", "nobody@example.com"):
        browser = site.browser()
        browser.open(site.address("/confirm"))
        for _ in range(7):
            wrong = browser.submit("confirm", username=name, code="000000")
        again = browser.submit("confirm", username=name, button="another code")
        pages.append((wrong.status, wrong.error, again.status, again.notice, again.text_of("username"), again.title))
        assert "@e***" not in again.html
    assert pages[0] == pages[1] == pages[2]


def test_who_is_told_openly_is_told_openly() -> None:
    site = Site.make(client={"PreventUserExistenceErrors": "LEGACY"})
    site.user()
    browser = site.browser()
    browser.open(site.address("/confirm"))
    assert "confirmed already" in browser.submit("confirm", username=ADA, code="000000").error
    assert "confirmed already" in browser.submit("confirm", username=ADA, button="another code").error
    assert "no such account" in browser.submit("confirm", username="bob@example.com", code="000000").error


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"password": "short"}, "The password is too short."),
        ({"password": "correct1!horse"}, "The password needs a capital letter."),
        ({"password": "CORRECT1!HORSE"}, "The password needs a small letter."),
        ({"password": "Correct!!horse"}, "The password needs a digit."),
        ({"password": "Correct11horse"}, "The password needs a symbol."),
        ({"username": "ada"}, "This cannot be a username here."),
        ({"username": "ada@example"}, "This is not an e-mail address."),
        ({"username": ""}, "Something here is not filled in correctly."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(site: Site, values: dict[str, str], error: str) -> None:
    browser = site.browser()
    browser.open(site.address("/signup"))
    page = browser.submit("sign-up", **{"username": ADA, "password": PASSWORD, **values})
    assert (page.status, page.title, page.error) == (400, "Create an account", error)
    assert page.form.fields["username"] == values.get("username", ADA)
    assert page.form.fields["password"] == ""


def test_a_name_that_is_taken_is_said_so(site: Site) -> None:
    site.user()
    assert sign_up(site, site.browser()).error == "There is an account of this name already."


def test_required_attributes_are_asked_and_written() -> None:
    schema = [{"Name": name, "Required": True} for name in ("given_name", "birthdate", "email", "phone_number")]
    site = Site.make(UsernameAttributes=[], Schema=schema)
    browser = site.browser()
    page = browser.open(site.address("/signup"))
    inputs = {found.attributes.get("name", ""): found for found in page.form.inputs}
    assert {name for name in inputs if name.startswith("userAttributes.")} == {
        "userAttributes.given_name",
        "userAttributes.birthdate",
        "userAttributes.email",
        "userAttributes.phone_number",
    }
    birthdate, phone = inputs["userAttributes.birthdate"], inputs["userAttributes.phone_number"]
    assert (birthdate["type"], birthdate["autocomplete"]) == ("date", "bday")
    assert (phone["type"], phone["autocomplete"], phone["inputmode"]) == ("tel", "tel", "tel")
    values = {
        "userAttributes.given_name": "Ada",
        "userAttributes.birthdate": "1815-12-10",
        "userAttributes.email": ADA,
        "userAttributes.phone_number": "+81312345678",
    }
    kept = browser.submit(username="ada", password="short", **values).form.fields
    assert {name: kept[name] for name in values} == values
    browser.submit(username="ada", password=PASSWORD, **values)
    assert browser.page.title == "Confirm your account"
    assert site.stored("ada").attributes["given_name"] == "Ada"


def test_an_address_for_the_code_is_asked_where_nothing_else_asks_one() -> None:
    site = Site.make(UsernameAttributes=[])
    browser = site.browser()
    browser.open(site.address("/signup"))
    browser.submit(username="ada", password=PASSWORD, **{"userAttributes.email": ADA})
    browser.submit("confirm", code=site.sent_code())
    assert site.signed_in_as(browser) == site.stored("ada").sub


def test_nobody_marks_an_address_as_verified_by_a_field_of_its_own(site: Site) -> None:
    """Attack: a field that the page does not have."""
    browser = site.browser()
    browser.open(site.address("/signup"))
    page = browser.submit(username=ADA, password=PASSWORD, **{"userAttributes.email_verified": "true"})
    assert (page.status, page.title) == (400, "Something went wrong")


def test_whom_a_trigger_confirms_is_in_the_app_at_once() -> None:
    site = Site.make(LambdaConfig={"PreSignUp": TRIGGER})
    site.said["PreSignUp_SignUp"] = {"autoConfirmUser": True}
    browser = site.browser()
    sign_up(site, browser)
    assert site.signed_in_as(browser) == site.stored().sub


def test_whom_a_trigger_refuses_is_told_why() -> None:
    site = Site.make(LambdaConfig={"PreSignUp": TRIGGER})
    site.said["PreSignUp_SignUp"] = "Only example.org may sign up."
    assert sign_up(site, site.browser()).error == "This was not accepted: Only example.org may sign up"


def test_where_no_code_is_sent_an_administrator_confirms() -> None:
    site = Site.make(AutoVerifiedAttributes=[])
    page = sign_up(site, site.browser())
    assert (page.title, page.notice[:20]) == ("Sign in", "Your account is made")


def test_nobody_signs_up_where_only_administrators_make_users() -> None:
    site = Site.make(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    assert site.browser().open(site.address("/signup")).status == 403


def test_a_client_with_a_secret_signs_up_and_confirms_as_well() -> None:
    site = Site.make(secret="the secret of the app")
    browser = site.browser()
    sign_up(site, browser)
    browser.submit("confirm", button="another code")
    browser.submit("confirm", code=site.sent_code())
    assert site.signed_in_as(browser) == site.stored().sub


@pytest.mark.parametrize("path", ["/signup", "/confirm", "/forgotPassword", "/confirmForgotPassword"])
def test_each_form_belongs_to_its_browser(site: Site, path: str) -> None:
    """Attack: another site's page that posts one of these forms."""
    site.user()
    browser = site.browser()
    form = browser.open(site.address(path)).form
    for token in ("", "0" * 64, site.browser().open(site.address(path)).form.fields["_csrf"]):
        page = browser.post(form, {**form.fields, "username": ADA, "code": "1", "password": "x", "_csrf": token})
        assert (page.status, page.title) == (400, "Something went wrong")
    form.buttons = [button for button in form.buttons if "formaction" in button.attributes]
    if form.buttons:
        page = browser.post(form, {**form.fields, "username": ADA, "_csrf": ""})
        assert (page.status, page.title) == (400, "Something went wrong")
    assert site.codes_sent() == 0
