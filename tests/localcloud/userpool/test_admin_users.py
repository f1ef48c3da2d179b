"""What administrators do with users: make, invite, confirm, set and reset passwords, disable, sign out, delete."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import passwords, tokens
from localcloud.userpool.models import Alias, PendingToken, User
from localcloud.userpool.pools import require_pool
from localcloud.userpool.users import create_user, find_user, insert_user, update_user
from tests.localcloud.userpool.conftest import PASSWORD, START, Api

TRIGGER = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
ADA = "ada@example.com"


@pytest.fixture
def mail_pool(api: Api) -> str:
    return api.new_pool(
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        AutoVerifiedAttributes=["email"],
        LambdaConfig={"PreSignUp": TRIGGER, "PostConfirmation": TRIGGER, "CustomMessage": TRIGGER},
    )


def make(api: Api, pool: str, username: str, /, **params: Any) -> dict[str, Any]:
    user: dict[str, Any] = api("AdminCreateUser", UserPoolId=pool, Username=username, **params)["User"]
    return user


def pairs(**attributes: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def has_password(api: Api, pool: str, username: str, password: str) -> bool:
    stored = require_pool(api.context, pool)
    return passwords.is_right(api.context, stored, api.stored_user(pool, username), password)


def sign_up(api: Api, pool: str, username: str, /, **attributes: str) -> User:
    stored = require_pool(api.context, pool)
    user = create_user(api.context, stored, username, attributes, "UNCONFIRMED")
    insert_user(api.context, stored, user)
    return user


def test_a_made_user_has_to_change_its_password(api: Api, mail_pool: str) -> None:
    user = make(api, mail_pool, ADA, TemporaryPassword="Temporary1!", UserAttributes=pairs(email_verified="true"))
    shown = {pair["Name"]: pair["Value"] for pair in user["Attributes"]}
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert user["Enabled"] is True
    assert user["UserCreateDate"] == user["UserLastModifiedDate"] == START
    assert shown == {"sub": user["Username"], "email": ADA, "email_verified": "true"}
    assert has_password(api, mail_pool, ADA, "Temporary1!")
    assert api.stored_user(mail_pool, ADA).temporary_until == START + 7 * 86_400


def test_the_pre_sign_up_trigger_is_asked_and_the_password_is_mailed(api: Api, mail_pool: str) -> None:
    make(
        api, mail_pool, ADA, ValidationData=pairs(ticket="7"), ClientMetadata={"from": "test"},
        DesiredDeliveryMediums=["EMAIL"],
    )  # fmt: skip
    assert api.triggers.sources == ["PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser"]
    asked = api.triggers.events[0]["request"]
    assert asked["validationData"] == {"ticket": "7"}
    assert asked["clientMetadata"] == {"from": "test"}
    (message,) = api.sent_to(ADA)
    assert message["source"] == "CustomMessage_AdminCreateUser"
    assert message["code"] in message["body"]
    assert ADA in message["body"]
    assert has_password(api, mail_pool, ADA, message["code"])


def test_a_refusal_of_the_trigger_makes_no_user(api: Api, mail_pool: str) -> None:
    api.triggers.errors["PreSignUp_AdminCreateUser"] = "not this domain"
    with api.refused("UserLambdaValidationException", "not this domain"):
        make(api, mail_pool, ADA)
    assert find_user(api.context, require_pool(api.context, mail_pool), ADA) is None
    assert api.sent_to(ADA) == []


def test_a_message_that_fails_leaves_the_user_as_on_aws_and_can_be_sent_again(api: Api, mail_pool: str) -> None:
    api.triggers.errors["CustomMessage_AdminCreateUser"] = "no catalogue"
    with api.refused("UserLambdaValidationException", "no catalogue"):
        make(api, mail_pool, ADA)
    api.triggers.errors.clear()
    with api.refused("UsernameExistsException", "User account already exists"):
        make(api, mail_pool, ADA)
    make(api, mail_pool, ADA, MessageAction="RESEND")
    assert len(api.sent_to(ADA)) == 1


def test_a_suppressed_message_is_not_sent(api: Api, mail_pool: str) -> None:
    make(api, mail_pool, ADA, MessageAction="SUPPRESS", DesiredDeliveryMediums=["SMS"])
    assert api.sent_to(ADA) == []


def test_messages_go_by_the_media_that_are_named_or_else_to_the_first_address(api: Api, pool: str) -> None:
    both = pairs(email=ADA, phone_number="+441234")
    make(api, pool, "both", UserAttributes=both, DesiredDeliveryMediums=["EMAIL", "SMS"])
    assert len(api.sent_to(ADA)) == len(api.sent_to("+441234")) == 1
    make(api, pool, "phone", UserAttributes=both)
    assert len(api.sent_to("+441234")) == 2
    make(api, pool, "mail", UserAttributes=pairs(email=ADA))
    assert len(api.sent_to(ADA)) == 2
    make(api, pool, "none")
    with api.refused("InvalidParameterException", "phone_number is required"):
        make(api, pool, "eve", UserAttributes=pairs(email=ADA), DesiredDeliveryMediums=["SMS"])
    assert find_user(api.context, require_pool(api.context, pool), "eve") is None


def test_resend_gives_another_password_to_who_still_waits(api: Api, mail_pool: str) -> None:
    make(api, mail_pool, ADA, TemporaryPassword="Temporary1!")
    api.cloud.clock.advance(100)
    make(api, mail_pool, ADA, MessageAction="RESEND", TemporaryPassword="Temporary2!")
    assert not has_password(api, mail_pool, ADA, "Temporary1!")
    assert has_password(api, mail_pool, ADA, "Temporary2!")
    assert api.stored_user(mail_pool, ADA).temporary_until == START + 100 + 7 * 86_400
    with api.refused("UserNotFoundException", "User does not exist."):
        make(api, mail_pool, "bob@example.com", MessageAction="RESEND")
    api("AdminSetUserPassword", UserPoolId=mail_pool, Username=ADA, Password=PASSWORD, Permanent=True)
    with api.refused("UnsupportedUserStateException", "status is not FORCE_CHANGE_PASSWORD"):
        make(api, mail_pool, ADA, MessageAction="RESEND")
    assert has_password(api, mail_pool, ADA, PASSWORD)


def test_what_is_wrong_with_a_user_is_refused(api: Api, mail_pool: str, pool: str) -> None:
    with api.refused("InvalidParameterException", "Username should be an email"):
        make(api, mail_pool, "ada")
    with api.refused("InvalidPasswordException"):
        make(api, pool, "ada", TemporaryPassword="weak")
    with api.refused("InvalidParameterException", "Attribute does not exist in schema"):
        make(api, pool, "ada", UserAttributes=pairs(shoe="42"))
    with api.refused("InvalidParameterException", "email is required"):
        make(api, pool, "ada", UserAttributes=pairs(email_verified="true"))
    assert api("ListUsers", UserPoolId=pool) == {"Users": []}


def test_nobody_is_made_under_the_sub_of_another_user(api: Api, pool: str) -> None:
    sub = api.new_user(pool, "ada")
    with api.refused("InvalidParameterException", "sub"):
        make(api, pool, "eve", UserAttributes=pairs(sub=sub))


def test_a_name_is_taken_once_whatever_its_case(api: Api, mail_pool: str) -> None:
    make(api, mail_pool, ADA)
    with api.refused("UsernameExistsException"):
        make(api, mail_pool, "ADA@example.com")


def test_an_alias_is_taken_over_only_by_force(api: Api) -> None:
    pool = api.new_pool(AliasAttributes=["email"])
    first = api.new_user(pool, "first", email=ADA, email_verified="true")
    verified = pairs(email=ADA, email_verified="true")
    with api.refused("UsernameExistsException", "email"):
        make(api, pool, "second", UserAttributes=verified)
    make(api, pool, "second", UserAttributes=verified, ForceAliasCreation=True, MessageAction="SUPPRESS")
    second = api.stored_user(pool, "second").sub
    assert api.stored_user(pool, ADA).sub == second != first
    assert api.stored_user(pool, "first").attributes["email_verified"] == "false"
    assert [alias.sub for alias in api.cloud.store.find(Alias, pool_id=pool)] == [second]


def test_a_user_is_read_by_name_sub_and_alias_with_its_mfa_settings(api: Api, mail_pool: str) -> None:
    sub = api.new_user(mail_pool, ADA)
    stored = require_pool(api.context, mail_pool)
    app = {"mfa_methods": ["SOFTWARE_TOKEN_MFA"], "mfa_preferred": "SOFTWARE_TOKEN_MFA"}
    update_user(api.context, stored, sub, lambda user: replaced(user, **app))
    shown = api("AdminGetUser", UserPoolId=mail_pool, Username=ADA)
    assert shown["Username"] == sub
    assert {"Name": "email", "Value": ADA} in shown["UserAttributes"]
    assert shown["UserStatus"] == "CONFIRMED"
    assert shown["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    assert shown["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert api("AdminGetUser", UserPoolId=mail_pool, Username=sub) == shown


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("AdminGetUser", {}),
        ("AdminDeleteUser", {}),
        ("AdminConfirmSignUp", {}),
        ("AdminSetUserPassword", {"Password": PASSWORD}),
        ("AdminResetUserPassword", {}),
        ("AdminEnableUser", {}),
        ("AdminDisableUser", {}),
        ("AdminUserGlobalSignOut", {}),
        ("AdminDeleteSoftwareToken", {}),
    ],
)
def test_a_user_who_is_not_there_is_not_found(api: Api, pool: str, operation: str, params: dict[str, str]) -> None:
    with api.refused("UserNotFoundException", "User does not exist."):
        api(operation, UserPoolId=pool, Username="nobody", **params)
    with api.refused("ResourceNotFoundException", "User pool us-east-1_none does not exist."):
        api(operation, UserPoolId="us-east-1_none", Username="nobody", **params)


def test_an_administrator_confirms_a_sign_up(api: Api, mail_pool: str) -> None:
    sign_up(api, mail_pool, ADA)
    api("AdminConfirmSignUp", UserPoolId=mail_pool, Username=ADA, ClientMetadata={"from": "test"})
    user = api.stored_user(mail_pool, ADA)
    assert user.status == "CONFIRMED"
    assert "email_verified" not in user.attributes
    assert api.triggers.sources == ["PostConfirmation_ConfirmSignUp"]
    assert api.triggers.events[0]["request"]["clientMetadata"] == {"from": "test"}
    with api.refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        api("AdminConfirmSignUp", UserPoolId=mail_pool, Username=ADA)
    assert len(api.triggers.events) == 1


def test_a_password_that_is_set_is_temporary_unless_it_is_permanent(api: Api, pool: str) -> None:
    sign_up(api, pool, "ada")
    api("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password="Temporary1!")
    user = api.stored_user(pool, "ada")
    assert (user.status, user.temporary_until) == ("FORCE_CHANGE_PASSWORD", START + 7 * 86_400)
    api("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    user = api.stored_user(pool, "ada")
    assert (user.status, user.temporary_until) == ("CONFIRMED", 0.0)
    assert has_password(api, pool, "ada", PASSWORD)
    with api.refused("InvalidPasswordException"):
        api("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password="short", Permanent=True)
    assert has_password(api, pool, "ada", PASSWORD)


def test_a_reset_password_sends_a_code_and_bars_sign_in(api: Api, mail_pool: str) -> None:
    api.new_user(mail_pool, ADA, email_verified="true")
    api.triggers.events.clear()
    api("AdminResetUserPassword", UserPoolId=mail_pool, Username=ADA)
    assert api.stored_user(mail_pool, ADA).status == "RESET_REQUIRED"
    assert api.triggers.sources == ["CustomMessage_ForgotPassword"]
    code = api.sent_to(ADA)[0]["code"]
    client = api.new_client(mail_pool)
    api(
        "ConfirmForgotPassword", ClientId=client, Username=ADA, ConfirmationCode=code, Password="Another1!horse",
    )  # fmt: skip
    assert api.stored_user(mail_pool, ADA).status == "CONFIRMED"
    assert has_password(api, mail_pool, ADA, "Another1!horse")


def test_a_password_is_reset_only_where_a_code_can_reach_a_user_who_has_one(api: Api, mail_pool: str) -> None:
    api.new_user(mail_pool, ADA)
    with api.refused("InvalidParameterException", "no registered/verified email or phone_number"):
        api("AdminResetUserPassword", UserPoolId=mail_pool, Username=ADA)
    assert api.stored_user(mail_pool, ADA).status == "CONFIRMED"
    make(api, mail_pool, "bob@example.com", UserAttributes=pairs(email_verified="true"))
    with api.refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        api("AdminResetUserPassword", UserPoolId=mail_pool, Username="bob@example.com")
    api("AdminDisableUser", UserPoolId=mail_pool, Username=ADA)
    with api.refused("NotAuthorizedException", "User is disabled."):
        api("AdminResetUserPassword", UserPoolId=mail_pool, Username=ADA)


def test_a_refusal_of_the_message_trigger_leaves_the_password_as_it_was(api: Api, mail_pool: str) -> None:
    api.new_user(mail_pool, ADA, email_verified="true")
    api.triggers.errors["CustomMessage_ForgotPassword"] = "no catalogue"
    with api.refused("UserLambdaValidationException"):
        api("AdminResetUserPassword", UserPoolId=mail_pool, Username=ADA)
    assert api.stored_user(mail_pool, ADA).status == "CONFIRMED"


@pytest.mark.parametrize("operation", ["AdminDisableUser", "AdminUserGlobalSignOut"])
def test_a_user_who_is_disabled_or_signed_out_loses_its_tokens_and_nobody_else(
    api: Api, pool: str, operation: str
) -> None:
    client = api.new_client(pool)
    for name in ("ada", "bob"):
        api.new_user(pool, name)
    ada, bob = (api.sign_in(pool, client, name)["AccessToken"] for name in ("ada", "bob"))
    api(operation, UserPoolId=pool, Username="ada")
    with pytest.raises(AwsError, match="NotAuthorizedException"):
        tokens.verify_access(api.context, ada)
    tokens.verify_access(api.context, bob)
    api("AdminEnableUser", UserPoolId=pool, Username="ada")
    assert api.stored_user(pool, "ada").enabled is True
    with pytest.raises(AwsError, match="NotAuthorizedException"):
        tokens.verify_access(api.context, ada)


def test_a_lost_authenticator_is_deleted(api: Api, pool: str) -> None:
    sub, stored = api.new_user(pool, "ada"), require_pool(api.context, pool)
    with api.refused("ResourceNotFoundException"):
        api("AdminDeleteSoftwareToken", UserPoolId=pool, Username="ada")
    app = {"totp_secret": "A", "mfa_methods": ["SOFTWARE_TOKEN_MFA"], "mfa_preferred": "SOFTWARE_TOKEN_MFA"}
    update_user(api.context, stored, sub, lambda user: replaced(user, **app))
    api.cloud.store.put(PendingToken(pool, sub, "B"))
    api("AdminDeleteSoftwareToken", UserPoolId=pool, Username="ada")
    user = api.stored_user(pool, "ada")
    assert (user.totp_secret, user.mfa_methods, user.mfa_preferred) == ("", [], "")
    assert api.cloud.store.get(PendingToken, pool, sub) is None


def test_a_deleted_user_leaves_its_name_free(api: Api, mail_pool: str) -> None:
    sub = api.new_user(mail_pool, ADA)
    api("AdminDeleteUser", UserPoolId=mail_pool, Username=sub)
    assert api.new_user(mail_pool, ADA) != sub
