"""The pages and the triggers of a sign-in: migration and pre authentication work as they do by the API."""

from __future__ import annotations

from tests.localcloud.managed_login.pages_site import Site

TRIGGER = "arn:aws:lambda:us-east-1:000000000000:function:t"
AT_SIGN_IN = "UserMigration_Authentication"
EMAIL, OLD = "ada@example.com", "old one"


def test_somebody_moves_over_at_the_first_sign_in_by_the_page() -> None:
    site = Site.make(LambdaConfig={"UserMigration": TRIGGER, "PreAuthentication": TRIGGER})
    attributes = {"email": EMAIL, "email_verified": "true"}
    site.said[AT_SIGN_IN] = {"userAttributes": attributes, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}
    browser = site.browser()
    browser.open(site.address())
    browser.submit(username=EMAIL, password=OLD)
    assert site.signed_in_as(browser)
    assert [event["triggerSource"] for event in site.events[:2]] == [AT_SIGN_IN, "PreAuthentication_Authentication"]
    assert site.events[0]["request"] == {"password": OLD, "validationData": None, "clientMetadata": None}


def test_a_refusal_before_the_password_is_shown() -> None:
    site = Site.make(LambdaConfig={"PreAuthentication": TRIGGER})
    site.user()
    site.said["PreAuthentication_Authentication"] = "Closed today."
    browser = site.browser()
    browser.open(site.address())
    assert browser.submit(username=EMAIL, password="wrong").error == "This was not accepted: Closed today"
