"""Custom senders: their events, what is not sent in their place, and that nothing of theirs stops an operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.context import DataKey
from localcloud.errors import AwsError
from tests.localcloud.userpool.conftest import PASSWORD, TRIGGER, Api, pairs
from tests.localcloud.userpool.sign_ins import EMAIL, PHONE, SES, SMS, Door
from tests.localcloud.userpool.test_encrypted_codes import KEY, Kms

SENDER = {"LambdaVersion": "V1_0", "LambdaArn": TRIGGER}
BOTH = {"CustomEmailSender": SENDER, "CustomSMSSender": SENDER, "KMSKeyID": KEY}


@pytest.fixture
def kms(api: Api) -> Kms:
    kms = Kms()
    api.cloud.data_key = kms
    return kms


def door_of(api: Api, **settings: Any) -> Door:
    settings = {"AutoVerifiedAttributes": ["email"], "LambdaConfig": {**BOTH, "CustomMessage": TRIGGER}, **settings}
    return Door.open(api, **settings)


def sign_up(api: Api, door: Door, **more: Any) -> None:
    api("SignUp", ClientId=door.client, Username="ada", Password=PASSWORD, UserAttributes=pairs(email=EMAIL), **more)


def test_what_a_sender_is_told(api: Api, kms: Kms) -> None:
    door = door_of(api)
    sign_up(api, door, ClientMetadata={"lang": "ja"})
    [event] = api.triggers.events  # and no custom message: there is no message of Cognito's
    assert event["triggerSource"] == "CustomEmailSender_SignUp"
    assert event["callerContext"]["clientId"] == door.client
    assert (event["version"], event["userName"], event["response"]) == ("1", "ada", {})
    request = event["request"]
    assert (request["type"], request["clientMetadata"]) == ("customEmailSenderRequestV1", {"lang": "ja"})
    assert request["userAttributes"]["cognito:user_status"] == "UNCONFIRMED"
    code, context = kms.decrypt(request["code"])
    assert context["userpool-id"] == door.pool
    api("ConfirmSignUp", ClientId=door.client, Username="ada", ConfirmationCode=code)


def test_the_outbox_has_the_code_and_no_message(api: Api, kms: Kms) -> None:
    door = door_of(api)
    sign_up(api, door)
    [entry] = api.sent_to(EMAIL)
    assert (entry["source"], entry["subject"], entry["body"]) == ("CustomEmailSender_SignUp", "", "")
    assert entry["code"] == kms.decrypt(api.triggers.request("CustomEmailSender_SignUp")["code"])[0]


def test_every_source_by_mail(api: Api, kms: Kms) -> None:
    door = door_of(api, EmailConfiguration=SES)
    sign_up(api, door)
    client = {"ClientId": door.client, "Username": "ada"}
    api("ResendConfirmationCode", **client)
    api("AdminConfirmSignUp", UserPoolId=door.pool, Username="ada")
    api("AdminUpdateUserAttributes", UserPoolId=door.pool, Username="ada", UserAttributes=pairs(email_verified="true"))
    api("ForgotPassword", **client)
    token = door.by_password()["AuthenticationResult"]["AccessToken"]
    api("UpdateUserAttributes", AccessToken=token, UserAttributes=pairs(email="bob@example.com"))
    api("GetUserAttributeVerificationCode", AccessToken=token, AttributeName="email")
    door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    api.make_user(door.pool, "bob", UserAttributes=pairs(email=EMAIL), DesiredDeliveryMediums=["EMAIL"])
    kinds = ["SignUp", "ResendCode", "ForgotPassword", "UpdateUserAttribute", "VerifyUserAttribute"]
    assert api.triggers.sources == [
        f"CustomEmailSender_{kind}" for kind in (*kinds, "Authentication", "AdminCreateUser")
    ]
    told = api.triggers.request("CustomEmailSender_UpdateUserAttribute")
    assert told["userAttributes"]["email"] == "bob@example.com"


def test_text_messages_are_the_sms_senders(api: Api, kms: Kms) -> None:
    door = door_of(api, AutoVerifiedAttributes=["phone_number"])
    api("SignUp", ClientId=door.client, Username="ada", Password=PASSWORD, UserAttributes=pairs(phone_number=PHONE))
    [event] = api.triggers.events
    assert (event["triggerSource"], event["request"]["type"]) == ("CustomSMSSender_SignUp", "customSMSSenderRequestV1")


def test_a_medium_without_a_sender_is_sent_as_ever(api: Api, kms: Kms) -> None:
    only_sms = {"CustomSMSSender": SENDER, "KMSKeyID": KEY}
    door = door_of(api, LambdaConfig=only_sms)
    sign_up(api, door)
    assert api.triggers.events == []
    assert api.sent_to(EMAIL)[0]["body"]


def test_a_temporary_password_comes_escaped_by_mail(api: Api, kms: Kms) -> None:
    """As on AWS. Source: Cognito developer guide, "Custom email sender Lambda trigger"."""
    door = door_of(api)
    password = "Aa1!<b>&xyz"
    api.make_user(door.pool, "ada", UserAttributes=pairs(email=EMAIL), TemporaryPassword=password)
    request = api.triggers.request("CustomEmailSender_AdminCreateUser")
    assert kms.decrypt(request["code"])[0] == "Aa1!&lt;b&gt;&amp;xyz"


def test_a_key_that_gives_nothing_stops_no_operation_and_sends_nothing_in_the_clear(api: Api) -> None:
    """Attack: making the key unusable, so that codes go out unencrypted."""

    def refuse(key_arn: str, context: Mapping[str, str]) -> DataKey:
        raise AwsError("DisabledException", f"{key_arn} is disabled.")

    api.cloud.data_key = refuse
    door = door_of(api)
    sign_up(api, door)
    assert api.triggers.events == []


def test_a_sender_needs_a_key_and_the_one_version_that_there_is(api: Api) -> None:
    with api.refused("InvalidParameterException", "KMSKeyID"):
        api.new_pool(LambdaConfig={"CustomEmailSender": SENDER})
    with api.refused("InvalidParameterException"):
        api.new_pool(LambdaConfig={**BOTH, "CustomSMSSender": {**SENDER, "LambdaVersion": "V2_0"}})
    kept = api.describe_pool(api.new_pool(LambdaConfig=BOTH, SmsConfiguration=SMS))
    assert kept["LambdaConfig"] == BOTH
