"""What administrators do with users: read, confirm, set and reset passwords, disable, sign out, delete."""

from __future__ import annotations

import pytest

from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import tokens
from localcloud.userpool.accounts.users import create_user, insert_user, update_user
from localcloud.userpool.models import User
from localcloud.userpool.pools import require_pool
from localcloud.userpool.sign_in_state import PendingToken
from tests.localcloud.userpool.conftest import PASSWORD, START, Api, pairs

ADA = "ada@example.com"


def sign_up(api: Api, pool: str, username: str, /, **attributes: str) -> User:
    stored = require_pool(api.context, pool)
    user = create_user(api.context, stored, username, attributes, "UNCONFIRMED")
    insert_user(api.context, stored, user)
    return user


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
    assert api.has_password(pool, "ada", PASSWORD)
    with api.refused("InvalidPasswordException"):
        api("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password="short", Permanent=True)
    assert api.has_password(pool, "ada", PASSWORD)


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
    assert api.has_password(mail_pool, ADA, "Another1!horse")


def test_a_password_is_reset_only_where_a_code_can_reach_a_user_who_has_one(api: Api, mail_pool: str) -> None:
    api.new_user(mail_pool, ADA)
    with api.refused("InvalidParameterException", "no registered/verified email or phone_number"):
        api("AdminResetUserPassword", UserPoolId=mail_pool, Username=ADA)
    assert api.stored_user(mail_pool, ADA).status == "CONFIRMED"
    api.make_user(mail_pool, "bob@example.com", UserAttributes=pairs(email_verified="true"))
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
