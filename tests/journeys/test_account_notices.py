"""Users are mailed what happened to their account, by the stack's own functions: once, and in nobody's way."""

from __future__ import annotations

import json
import re

import pytest

from auth import make_recovery_codes
from tests.journeys.functions import log_of
from tests.journeys.mailed import notices_for
from tests.journeys.people import PASSWORD, Person, root_client, settings_of
from tests.journeys.warm import warm_up
from tests.local_cloud import LocalCloud, wait_until

LONG = 30.0
"""Seconds within which a mail comes, on a machine that has much else to do."""


@pytest.fixture(scope="module", autouse=True)
def _warm(cloud: LocalCloud) -> None:
    warm_up(cloud)


def kinds(person: Person) -> list[str]:
    return [name for name, _ in notices_for(person.cloud, person.email)]


def wait_for(person: Person, *expected: str) -> None:
    """Wait until these notices have come, in whatever order: functions run side by side."""
    wait_until(lambda: sorted(kinds(person)) == sorted(expected), LONG)


def test_a_sign_in_on_a_new_device_is_told_and_on_a_known_one_is_not(cloud: LocalCloud, email: str) -> None:
    ada = Person.new(cloud, email)
    signed_in = ada.sign_in()
    wait_for(ada, "Notice_NewDevice")
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", notices_for(cloud, email)[0][1])
    cloud.advance(61)
    ada.client.sign_in(email, PASSWORD, device=signed_in.device)
    ada.client.forgot_password(email)
    ada.client.confirm_forgot_password(email, cloud.code(email), "Another-Horse-8")
    wait_for(ada, "Notice_NewDevice", "Notice_PasswordReset")


def test_recovery_codes_are_told_when_they_are_made_and_used(cloud: LocalCloud, email: str) -> None:
    ada = Person.new(cloud, email, locale="ja")
    ada.enrol_totp()
    codes = make_recovery_codes(settings_of(cloud), ada.sign_in().tokens)
    wait_until(lambda: "Notice_RecoveryCodesMade" in kinds(ada), LONG)
    ada.client.sign_in_with_recovery_code(email, PASSWORD, codes[0])
    wait_until(lambda: "Notice_SecondFactorReset" in kinds(ada), LONG)
    assert all('lang="ja"' in body for _, body in notices_for(cloud, email))


def test_a_notice_that_fails_stops_no_sign_in(cloud: LocalCloud, email: str) -> None:
    # Attack: whatever makes notices fail, to lock everybody out.
    ada, iam = Person.new(cloud, email), root_client(cloud, "iam")
    function = root_client(cloud, "lambda").get_function(FunctionName="gatehouse-local-post-authentication")
    broken = {"RoleName": function["Configuration"]["Role"].rpartition("/")[2], "PolicyName": "broken"}
    deny = {"Effect": "Deny", "Action": "lambda:InvokeFunction", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam.put_role_policy(**broken, PolicyDocument=document)
    try:
        assert ada.sign_in()
    finally:
        iam.delete_role_policy(**broken)
    assert "no notice" in "".join(log_of(cloud, "/aws/lambda/gatehouse-local-post-authentication"))
    assert kinds(ada) == []


def test_no_log_has_the_address(cloud: LocalCloud, email: str) -> None:
    ada = Person.new(cloud, email)
    ada.sign_in()
    wait_for(ada, "Notice_NewDevice")
    wait_until(lambda: "mailed" in "".join(log_of(cloud, "/aws/lambda/gatehouse-local-account-notice")), LONG)
    assert email not in "".join(log_of(cloud, "/aws/lambda/gatehouse-local-account-notice"))
