"""Choosing a new password on the pages, for a forgotten one or one that an administrator has reset."""

from __future__ import annotations

import pytest

from tests.browserless import Browser, Page
from tests.localcloud.managed_login.pages_site import PASSWORD, Site

ADA = "ada@example.com"
NEW_PASSWORD = "Another1!horse"


@pytest.fixture
def site() -> Site:
    return Site.make()


def recover(site: Site, browser: Browser, name: str = ADA) -> Page:
    browser.open(site.address())
    browser.open(browser.page.link("Forgot your password?"))
    return browser.submit("forgot", username=name)


def test_a_forgotten_password_is_replaced_by_a_code(site: Site) -> None:
    user, browser = site.user(), site.browser()
    page = recover(site, browser)
    assert page.title == "Choose a new password"
    assert page.form.fields["username"] == ADA
    assert "not right" in browser.submit("reset", code="000000", password=NEW_PASSWORD).error
    assert browser.submit(code=site.sent_code(), password="short").error == "The password is too short."
    page = browser.submit("reset", button="another code")
    assert page.notice.startswith("Another code")
    page = browser.submit("reset", code=site.sent_code(), password=NEW_PASSWORD)
    assert (page.title, page.notice) == ("Sign in", "Your password is changed. Sign in with it.")
    # What was to be said is said once.
    assert browser.open(page.url).notice == ""
    browser.submit(username=ADA, password=NEW_PASSWORD)
    assert site.signed_in_as(browser) == user.sub


def test_a_code_for_nobody_looks_like_any_other(site: Site) -> None:
    """Attack: asking who exists by a forgotten password."""
    site.user()
    pages = []
    for name in (ADA, "abe@example.com"):
        browser = site.browser()
        asked = recover(site, browser, name)
        wrong = browser.submit("reset", code="000000", password=NEW_PASSWORD)
        pages.append([(page.status, page.html.replace(name, "NAME")) for page in (asked, wrong)])
    for one, other in zip(*pages, strict=True):
        assert _without_tokens(one[1]) == _without_tokens(other[1])
        assert one[0] == other[0]


def _without_tokens(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "_csrf" not in line)


def test_where_the_client_does_not_hide_users_an_unknown_one_is_told_so() -> None:
    site = Site.make(client={"PreventUserExistenceErrors": "LEGACY"})
    page = recover(site, site.browser())
    assert (page.status, page.error) == (400, "There is no such account.")


def test_who_has_to_choose_a_new_password_is_led_there(site: Site) -> None:
    user, browser = site.user(), site.browser()
    site.call("AdminResetUserPassword", UserPoolId=site.pool_id, Username=ADA)
    browser.open(site.address())
    page = browser.submit(username=ADA, password=PASSWORD)
    assert (page.title, page.notice) == ("Choose a new password", "You have to choose a new password first.")
    browser.submit("reset", code=site.sent_code(), password=NEW_PASSWORD)
    browser.submit(password=NEW_PASSWORD)
    assert site.signed_in_as(browser) == user.sub


def test_no_password_is_recovered_where_only_administrators_do() -> None:
    site = Site.make(AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]})
    for path in ("/forgotPassword", "/confirmForgotPassword"):
        assert site.browser().open(site.address(path)).status == 403


def test_a_client_with_a_secret_recovers_as_well() -> None:
    site = Site.make(secret="the secret of the app")
    site.user()
    browser = site.browser()
    recover(site, browser)
    page = browser.submit("reset", code=site.sent_code(), password=NEW_PASSWORD)
    assert page.notice.startswith("Your password is changed.")
    assert "the secret" not in page.html
