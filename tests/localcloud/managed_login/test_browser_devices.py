"""A browser that its user has remembered is a device of the pool: it spares the second factor until it is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browserless import Browser, Page
from tests.localcloud.managed_login.pages_site import PASSWORD, Site

ADA = "ada@example.com"
ALWAYS = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
ASKED = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
TRACKED = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": True}


def new_site(devices: dict[str, bool] | None = ASKED, mfa: str = "OPTIONAL") -> Site:
    settings: dict[str, Any] = {"DeviceConfiguration": devices} if devices else {}
    site = Site.make(**settings)
    site.take_totp(mfa)
    return site


def sign_in(site: Site, browser: Browser, name: str = ADA) -> Page:
    browser.open(site.address())
    return browser.submit("sign-in", username=name, password=PASSWORD)


def sign_in_and_remember(site: Site, browser: Browser, name: str = ADA) -> None:
    assert sign_in(site, browser, name).title == "Enter your code"
    browser.submit("totp", code=site.totp(site.stored(name).totp_secret), remember_device="yes")
    assert site.signed_in_as(browser) == site.stored(name).sub


def test_a_remembered_browser_is_not_asked_for_a_code_again() -> None:
    site = new_site()
    user, browser = site.user(totp=True), site.browser(user_agent="Firefox/144.0")
    sign_in_and_remember(site, browser)
    (device,) = site.devices(user)
    assert (device.remembered, device.name) == (True, "Firefox/144.0")
    before = device.last_authenticated
    sign_in(site, browser)
    assert site.signed_in_as(browser) == user.sub
    assert site.devices(user)[0].last_authenticated > before
    # Another browser of the same person is another device.
    assert sign_in(site, site.browser()).title == "Enter your code"


def test_its_password_is_still_asked_for() -> None:
    """Attack: a browser on a table, whose owner has only spared the second factor."""
    site = new_site()
    site.user(totp=True)
    browser = site.browser()
    sign_in_and_remember(site, browser)
    browser.open(site.address())
    assert "not right" in browser.submit("sign-in", username=ADA, password="wrong").error


def test_who_does_not_tick_the_box_is_not_remembered() -> None:
    site = new_site()
    user, browser = site.user(totp=True), site.browser()
    page = sign_in(site, browser)
    assert "remember_device" not in page.form.fields
    browser.submit(code=site.totp(user.totp_secret))
    assert site.devices(user) == []
    assert sign_in(site, browser).title == "Enter your code"


def test_the_box_is_ticked_where_the_pool_remembers_without_asking_and_stays_as_it_was_left() -> None:
    site = new_site(ALWAYS)
    site.user(totp=True)
    browser = site.browser()
    page = sign_in(site, browser)
    assert page.form.fields["remember_device"] == "yes"
    unticked = {name: value for name, value in page.form.fields.items() if name != "remember_device"}
    page = browser.post(page.form, {**unticked, "code": "000000"})
    assert "remember_device" not in page.form.fields


def test_a_pool_that_tracks_no_devices_has_no_box_and_takes_no_tick() -> None:
    site = new_site(None)
    user, browser = site.user(totp=True), site.browser()
    page = sign_in(site, browser)
    assert page.by_id("remember_device") is None
    browser.submit(code=site.totp(user.totp_secret), remember_device="yes")
    assert site.signed_in_as(browser) == user.sub
    assert site.devices(user) == []


def test_where_devices_are_only_tracked_the_code_is_asked_all_the_same() -> None:
    site = new_site(TRACKED)
    user, browser = site.user(totp=True), site.browser()
    page = sign_in(site, browser)
    assert page.by_id("remember-hint") is None
    browser.submit(code=site.totp(user.totp_secret), remember_device="yes")
    assert sign_in(site, browser).title == "Enter your code"
    browser.submit(code=site.totp(user.totp_secret), remember_device="yes")
    # Still the same device, not a second one.
    assert len(site.devices(user)) == 1


def forget(site: Site, key: str) -> None:
    site.call("AdminForgetDevice", UserPoolId=site.pool_id, Username=ADA, DeviceKey=key)


def no_longer_remember(site: Site, key: str) -> None:
    site.call(
        "AdminUpdateDeviceStatus",
        UserPoolId=site.pool_id,
        Username=ADA,
        DeviceKey=key,
        DeviceRememberedStatus="not_remembered",
    )


@pytest.mark.parametrize("end", [forget, no_longer_remember])
def test_what_an_administrator_ends_is_over(end: Callable[[Site, str], None]) -> None:
    """Attack: a lost phone whose browser goes on sparing the second factor."""
    site = new_site()
    user, browser = site.user(totp=True), site.browser()
    sign_in_and_remember(site, browser)
    end(site, site.devices(user)[0].key)
    assert sign_in(site, browser).title == "Enter your code"
    browser.submit("totp", code=site.totp(user.totp_secret), remember_device="yes")
    sign_in(site, browser)
    assert site.signed_in_as(browser) == user.sub


def test_setting_an_app_up_remembers_as_well() -> None:
    site = new_site(mfa="ON")
    user, browser = site.user(), site.browser()
    page = sign_in(site, browser)
    browser.submit("totp-setup", code=site.totp(page.text_of("secret")), remember_device="yes")
    sign_in(site, browser)
    assert site.signed_in_as(browser) == user.sub


def test_one_browser_may_be_the_device_of_two_people_each_by_its_own_cookie() -> None:
    """Attack: one user's cookie in place of another's second factor."""
    site = new_site()
    site.user(totp=True)
    site.user("bob@example.com", totp=True)
    browser = site.browser()
    sign_in_and_remember(site, browser)
    assert sign_in(site, browser, "bob@example.com").title == "Enter your code"
    (where,) = [where for where in browser.cookies if where[2].startswith("device-")]
    other = site.browser()
    sign_in_and_remember(site, other, "bob@example.com")
    (bobs,) = [where for where in other.cookies if where[2].startswith("device-")]
    other.cookies[bobs] = browser.cookies[where]
    assert sign_in(site, other, "bob@example.com").title == "Enter your code"


@pytest.mark.parametrize("change", ["key alone", "other password", "nothing", "rubbish"])
def test_a_device_key_that_was_read_somewhere_spares_nothing(change: str) -> None:
    """Attack: device keys are in tokens and lists; the password of the device is in its cookie only."""
    site = new_site()
    site.user(totp=True)
    browser = site.browser()
    sign_in_and_remember(site, browser)
    (where,) = [where for where in browser.cookies if where[2].startswith("device-")]
    key, _, password = browser.cookies[where].partition(".")
    browser.cookies[where] = {
        "key alone": key,
        "other password": f"{key}.{'0' * len(password)}",
        "nothing": "",
        "rubbish": "..%00.",
    }[change]
    assert sign_in(site, browser).title == "Enter your code"
