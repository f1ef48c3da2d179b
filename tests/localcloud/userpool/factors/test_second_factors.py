"""Second factors: which one is asked, how one is chosen or set up, what pools and users may be told about them."""

from __future__ import annotations

import json
from typing import Any

import pyotp
import pytest

from tests.localcloud.userpool.conftest import PASSWORD, START, Api
from tests.localcloud.userpool.sign_ins import EMAIL, PHONE, SES, SMS, Door

BY_MAIL = {"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}}
BY_BOTH = {
    "AccountRecoverySetting": {
        "RecoveryMechanisms": [
            {"Name": "verified_email", "Priority": 1},
            {"Name": "verified_phone_number", "Priority": 2},
        ]
    }
}
BY_NOBODY = {"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}}
ON = {"Enabled": True}
PREFERRED = {"Enabled": True, "PreferredMfa": True}


@pytest.fixture
def door(api: Api) -> Door:
    """A pool where nobody but administrators resets passwords, so that any address may be a second factor."""
    return Door.open(api, first=["PASSWORD"], **BY_NOBODY)


def names(answer: dict[str, Any], parameter: str) -> list[str]:
    found: list[str] = json.loads(answer["ChallengeParameters"][parameter])
    return found


@pytest.mark.parametrize(
    ("factor", "address", "medium"), [("SMS_MFA", PHONE, "SMS"), ("EMAIL_OTP", EMAIL, "EMAIL")], ids=["sms", "mail"]
)
def test_a_code_that_is_sent_is_a_second_factor_and_verifies_its_address(
    door: Door, factor: str, address: str, medium: str
) -> None:
    door.user(email=EMAIL if medium == "EMAIL" else "", phone_number=PHONE if medium == "SMS" else "")
    door.second("ON")
    asked = door.by_password()
    assert asked["ChallengeName"] == factor
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DELIVERY_MEDIUM"] == medium
    code = door.code(address)
    assert len(code) == 6
    assert "AuthenticationResult" in door.answer(factor, **{f"{factor}_CODE": code})
    name = "email" if medium == "EMAIL" else "phone_number"
    assert door.api.stored_user(door.pool, "ada").attributes[f"{name}_verified"] == "true"


def test_where_mfa_is_optional_only_those_are_asked_who_turned_a_factor_on(door: Door) -> None:
    door.user()
    door.second("OPTIONAL")
    assert "AuthenticationResult" in door.by_password()
    door.prefer(SMSMfaSettings=ON)
    assert door.by_password()["ChallengeName"] == "SMS_MFA"


def test_a_preferred_factor_is_asked_and_of_several_others_one_is_chosen(door: Door) -> None:
    door.user()
    door.second("OPTIONAL")
    door.prefer(SMSMfaSettings=ON, EmailMfaSettings=ON)
    asked = door.by_password()
    assert asked["ChallengeName"] == "SELECT_MFA_TYPE"
    assert names(asked, "MFAS_CAN_CHOOSE") == ["SMS_MFA", "EMAIL_OTP"]
    assert door.answer("SELECT_MFA_TYPE", ANSWER="EMAIL_OTP")["ChallengeName"] == "EMAIL_OTP"
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))
    door.prefer(SMSMfaSettings=PREFERRED)
    assert door.by_password()["ChallengeName"] == "SMS_MFA"


def test_only_a_factor_that_was_offered_can_be_chosen(door: Door) -> None:
    """Attack: choosing what the user does not have, so that nothing is asked."""
    door.user()
    door.second("ON")
    assert door.by_password()["ChallengeName"] == "SELECT_MFA_TYPE"
    for choice in ("SOFTWARE_TOKEN_MFA", "", "SELECT_MFA_TYPE", "NEW_PASSWORD_REQUIRED"):
        with door.api.refused("InvalidParameterException"):
            door.answer("SELECT_MFA_TYPE", ANSWER=choice)


def test_the_address_that_a_password_is_recovered_by_is_no_second_factor(api: Api) -> None:
    """Source: developer guide, "Details of MFA logic at user runtime", steps 4 to 7."""
    door = Door.open(api, first=["PASSWORD"], **BY_BOTH)
    door.user()
    door.second("ON")
    assert door.by_password()["ChallengeName"] == "SMS_MFA"
    door.with_app()
    asked = door.by_password()
    assert names(asked, "MFAS_CAN_CHOOSE") == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]


def test_whoever_prefers_such_an_address_all_the_same_recovers_by_the_other_one(api: Api) -> None:
    """Attack: a mailbox that is the second factor, and gives the password away as well."""
    door = Door.open(api, first=["PASSWORD"], **BY_BOTH)
    door.user(email_verified="true", phone_number_verified="true")
    door.second("ON")
    door.prefer(EmailMfaSettings=PREFERRED)
    assert door.by_password()["ChallengeName"] == "EMAIL_OTP"
    details = api("ForgotPassword", ClientId=door.client, Username="ada")["CodeDeliveryDetails"]
    assert details["AttributeName"] == "phone_number"


def test_nobody_is_let_in_who_has_no_factor_and_can_set_none_up(api: Api) -> None:
    door = Door.open(api, first=["PASSWORD"], **BY_BOTH)
    door.user(phone_number="")
    door.second("ON", "Sms")
    with api.refused("InvalidUserPoolConfigurationException"):
        door.by_password()


def test_a_factor_whose_address_is_gone_is_not_left_out(door: Door) -> None:
    """Attack: getting in with a password alone because the phone number was removed."""
    door.user()
    door.second("OPTIONAL")
    door.prefer(SMSMfaSettings=ON)
    door.api("AdminDeleteUserAttributes", UserPoolId=door.pool, Username="ada", UserAttributeNames=["phone_number"])
    with door.api.refused("InvalidUserPoolConfigurationException"):
        door.by_password()


def test_an_address_by_mail_is_set_up_by_its_first_code(door: Door) -> None:
    door.user(email="", phone_number="")
    door.second("ON")
    asked = door.by_password()
    assert names(asked, "MFAS_CAN_SETUP") == ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"]
    assert door.answer("MFA_SETUP", email="new@example.com")["ChallengeName"] == "EMAIL_OTP"
    assert "new@example.com" not in door.api.stored_user(door.pool, "ada").attributes.values()
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code("new@example.com"))
    kept = door.api.stored_user(door.pool, "ada").attributes
    assert (kept["email"], kept["email_verified"]) == ("new@example.com", "true")


def test_nobody_sets_up_an_address_in_place_of_the_one_it_has(door: Door) -> None:
    """Attack: with the password alone, putting one's own mailbox in the place of the second factor."""
    door.user(phone_number="")
    door.second("ON", "SoftwareToken")
    assert names(door.by_password(), "MFAS_CAN_SETUP") == ["SOFTWARE_TOKEN_MFA"]
    with door.api.refused("InvalidParameterException"):
        door.answer("MFA_SETUP", email="mallory@example.com")


def test_an_authenticator_app_is_set_up_in_the_middle_of_a_sign_in(door: Door) -> None:
    door.user(email="", phone_number="")
    door.second("ON", "SoftwareToken")
    begun = door.by_password()
    made = door.api("AssociateSoftwareToken", Session=begun["Session"])
    code = pyotp.TOTP(made["SecretCode"]).at(int(START))
    verified = door.api("VerifySoftwareToken", Session=made["Session"], UserCode=code)
    assert "AuthenticationResult" in door.answer("MFA_SETUP", session=verified["Session"])
    assert door.by_password()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_an_app_goes_on_counting_where_the_pool_takes_no_new_ones(door: Door) -> None:
    """Source: developer guide, "TOTP software token MFA"."""
    door.user()
    secret = door.with_app()
    door.second("OPTIONAL")
    door.prefer(SoftwareTokenMfaSettings=PREFERRED)
    door.second("OPTIONAL", "Sms")
    assert door.by_password()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    code = pyotp.TOTP(secret).at(int(START))
    assert "AuthenticationResult" in door.answer("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE=code)


def test_a_lost_app_falls_back_to_the_other_factor(door: Door) -> None:
    door.user(email="")
    door.with_app()
    door.second("ON")
    door.prefer(SoftwareTokenMfaSettings=PREFERRED, SMSMfaSettings=ON)
    assert door.by_password()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    door.api("AdminDeleteSoftwareToken", UserPoolId=door.pool, Username="ada")
    assert door.by_password()["ChallengeName"] == "SMS_MFA"


def test_preferences_change_what_they_name_and_nothing_else(door: Door) -> None:
    door.user()
    door.with_app()
    door.second("OPTIONAL")
    door.prefer(SMSMfaSettings=ON, SoftwareTokenMfaSettings=PREFERRED)
    door.prefer(EmailMfaSettings=ON)
    shown = door.api("AdminGetUser", UserPoolId=door.pool, Username="ada")
    assert shown["UserMFASettingList"] == ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"]
    assert shown["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    door.prefer(SoftwareTokenMfaSettings={"Enabled": False}, SMSMfaSettings=PREFERRED)
    shown = door.api("AdminGetUser", UserPoolId=door.pool, Username="ada")
    assert (shown["UserMFASettingList"], shown["PreferredMfaSetting"]) == (["SMS_MFA", "EMAIL_OTP"], "SMS_MFA")


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"SMSMfaSettings": ON}, "delivery config"),
        ({"EmailMfaSettings": ON}, "not enabled for the user pool"),
        ({"SoftwareTokenMfaSettings": ON}, "has not verified"),
        ({"SMSMfaSettings": {"Enabled": False, "PreferredMfa": True}}, "not enabled"),
        ({"SMSMfaSettings": PREFERRED, "SoftwareTokenMfaSettings": PREFERRED}, ""),
    ],
)
def test_a_factor_that_a_user_cannot_have_is_refused(door: Door, settings: dict[str, Any], text: str) -> None:
    door.user(phone_number="")
    door.second("OPTIONAL", "Sms", "SoftwareToken")
    with door.api.refused("InvalidParameterException", text):
        door.prefer(**settings)


def test_two_preferred_factors_are_refused(door: Door) -> None:
    door.user()
    door.second("OPTIONAL")
    with door.api.refused("InvalidParameterException", "Only one"):
        door.prefer(SMSMfaSettings=PREFERRED, EmailMfaSettings=PREFERRED)


def test_the_configuration_of_a_pool_shows_its_factors_and_texts(api: Api) -> None:
    door = Door.open(api, first=["PASSWORD"])
    given = {
        "MfaConfiguration": "OPTIONAL",
        "SmsMfaConfiguration": {"SmsAuthenticationMessage": "SMS {####}", "SmsConfiguration": SMS},
        "EmailMfaConfiguration": {"Message": "Mail {####}", "Subject": "Hello"},
        "SoftwareTokenMfaConfiguration": {"Enabled": True},
    }
    assert api("SetUserPoolMfaConfig", UserPoolId=door.pool, **given) == given
    assert api("GetUserPoolMfaConfig", UserPoolId=door.pool) == given
    assert api.describe_pool(door.pool)["SmsAuthenticationMessage"] == "SMS {####}"
    door.user()
    door.prefer(SMSMfaSettings=ON)
    door.by_password()
    assert api.sent_to(PHONE)[0]["body"] == f"SMS {door.code(PHONE)}"
    door.prefer(EmailMfaSettings=PREFERRED)
    door.by_password()
    sent = api.sent_to(EMAIL)[0]
    assert (sent["subject"], sent["body"]) == ("Hello", f"Mail {door.code(EMAIL)}")


@pytest.mark.parametrize(
    ("settings", "factor", "code"),
    [
        ({"UserPoolTier": "LITE", "EmailConfiguration": SES}, "Email", "FeatureUnavailableInTierException"),
        ({}, "Email", "InvalidParameterException"),
        ({"EmailConfiguration": SES, **BY_MAIL}, "Email", "InvalidParameterException"),
        ({}, "Sms", "InvalidParameterException"),
    ],
    ids=["plan", "own sender", "the only recovery", "no SMS role"],
)
def test_a_factor_that_the_pool_cannot_have_is_refused(
    api: Api, settings: dict[str, Any], factor: str, code: str
) -> None:
    made = api.new_pool(**settings)
    with api.refused(code):
        api("SetUserPoolMfaConfig", UserPoolId=made, MfaConfiguration="OPTIONAL", **{f"{factor}MfaConfiguration": {}})


def test_a_pool_that_can_send_text_messages_may_be_made_with_mfa(api: Api) -> None:
    made = api.new_pool(MfaConfiguration="ON", SmsConfiguration=SMS)
    shown = api("GetUserPoolMfaConfig", UserPoolId=made)
    assert shown == {"MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsConfiguration": SMS}}
    with api.refused("InvalidParameterException", "SMS configuration"):
        api("UpdateUserPool", UserPoolId=made, MfaConfiguration="ON")


def test_a_new_password_comes_before_the_second_factor(door: Door) -> None:
    door.api.make_user(
        door.pool,
        "ada",
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "phone_number", "Value": PHONE}],
    )
    door.second("ON", "Sms")
    assert door.by_password()["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert door.answer("NEW_PASSWORD_REQUIRED", NEW_PASSWORD="Another1!horse")["ChallengeName"] == "SMS_MFA"
    assert "AuthenticationResult" in door.answer("SMS_MFA", SMS_MFA_CODE=door.code(PHONE))
