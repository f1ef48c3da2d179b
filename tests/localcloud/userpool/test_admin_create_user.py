"""Users made by an administrator: temporary passwords, invitations, the pre sign-up trigger, aliases by force."""

from __future__ import annotations

from localcloud.userpool.accounts.users import find_user
from localcloud.userpool.models import Alias
from localcloud.userpool.pools import require_pool
from tests.localcloud.userpool.conftest import PASSWORD, START, Api, pairs

ADA = "ada@example.com"


def test_a_made_user_has_to_change_its_password(api: Api, mail_pool: str) -> None:
    user = api.make_user(mail_pool, ADA, TemporaryPassword="Temporary1!", UserAttributes=pairs(email_verified="true"))
    shown = {pair["Name"]: pair["Value"] for pair in user["Attributes"]}
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert user["Enabled"] is True
    assert user["UserCreateDate"] == user["UserLastModifiedDate"] == START
    assert shown == {"sub": user["Username"], "email": ADA, "email_verified": "true"}
    assert api.has_password(mail_pool, ADA, "Temporary1!")
    assert api.stored_user(mail_pool, ADA).temporary_until == START + 7 * 86_400


def test_the_pre_sign_up_trigger_is_asked_and_the_password_is_mailed(api: Api, mail_pool: str) -> None:
    api.make_user(mail_pool, ADA, ValidationData=pairs(ticket="7"), ClientMetadata={"from": "test"},
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
    assert api.has_password(mail_pool, ADA, message["code"])


def test_a_refusal_of_the_trigger_makes_no_user(api: Api, mail_pool: str) -> None:
    api.triggers.errors["PreSignUp_AdminCreateUser"] = "not this domain"
    with api.refused("UserLambdaValidationException", "not this domain"):
        api.make_user(mail_pool, ADA)
    assert find_user(api.context, require_pool(api.context, mail_pool), ADA) is None
    assert api.sent_to(ADA) == []


def test_a_message_that_fails_leaves_the_user_as_on_aws_and_can_be_sent_again(api: Api, mail_pool: str) -> None:
    api.triggers.errors["CustomMessage_AdminCreateUser"] = "no catalogue"
    with api.refused("UserLambdaValidationException", "no catalogue"):
        api.make_user(mail_pool, ADA)
    api.triggers.errors.clear()
    with api.refused("UsernameExistsException", "User account already exists"):
        api.make_user(mail_pool, ADA)
    api.make_user(mail_pool, ADA, MessageAction="RESEND")
    assert len(api.sent_to(ADA)) == 1


def test_a_suppressed_message_is_not_sent(api: Api, mail_pool: str) -> None:
    api.make_user(mail_pool, ADA, MessageAction="SUPPRESS", DesiredDeliveryMediums=["SMS"])
    assert api.sent_to(ADA) == []


def test_messages_go_by_the_media_that_are_named_or_else_to_the_first_address(api: Api, pool: str) -> None:
    both = pairs(email=ADA, phone_number="+441234")
    api.make_user(pool, "both", UserAttributes=both, DesiredDeliveryMediums=["EMAIL", "SMS"])
    assert len(api.sent_to(ADA)) == len(api.sent_to("+441234")) == 1
    api.make_user(pool, "phone", UserAttributes=both)
    assert len(api.sent_to("+441234")) == 2
    api.make_user(pool, "mail", UserAttributes=pairs(email=ADA))
    assert len(api.sent_to(ADA)) == 2
    api.make_user(pool, "none")
    with api.refused("InvalidParameterException", "phone_number is required"):
        api.make_user(pool, "eve", UserAttributes=pairs(email=ADA), DesiredDeliveryMediums=["SMS"])
    assert find_user(api.context, require_pool(api.context, pool), "eve") is None


def test_resend_gives_another_password_to_who_still_waits(api: Api, mail_pool: str) -> None:
    api.make_user(mail_pool, ADA, TemporaryPassword="Temporary1!")
    api.cloud.clock.advance(100)
    api.make_user(mail_pool, ADA, MessageAction="RESEND", TemporaryPassword="Temporary2!")
    assert not api.has_password(mail_pool, ADA, "Temporary1!")
    assert api.has_password(mail_pool, ADA, "Temporary2!")
    assert api.stored_user(mail_pool, ADA).temporary_until == START + 100 + 7 * 86_400
    with api.refused("UserNotFoundException", "User does not exist."):
        api.make_user(mail_pool, "bob@example.com", MessageAction="RESEND")
    api("AdminSetUserPassword", UserPoolId=mail_pool, Username=ADA, Password=PASSWORD, Permanent=True)
    with api.refused("UnsupportedUserStateException", "status is not FORCE_CHANGE_PASSWORD"):
        api.make_user(mail_pool, ADA, MessageAction="RESEND")
    assert api.has_password(mail_pool, ADA, PASSWORD)


def test_what_is_wrong_with_a_user_is_refused(api: Api, mail_pool: str, pool: str) -> None:
    with api.refused("InvalidParameterException", "Username should be an email"):
        api.make_user(mail_pool, "ada")
    with api.refused("InvalidPasswordException"):
        api.make_user(pool, "ada", TemporaryPassword="weak")
    with api.refused("InvalidParameterException", "Attribute does not exist in schema"):
        api.make_user(pool, "ada", UserAttributes=pairs(shoe="42"))
    with api.refused("InvalidParameterException", "email is required"):
        api.make_user(pool, "ada", UserAttributes=pairs(email_verified="true"))
    assert api("ListUsers", UserPoolId=pool) == {"Users": []}


def test_nobody_is_made_under_the_sub_of_another_user(api: Api, pool: str) -> None:
    sub = api.new_user(pool, "ada")
    with api.refused("InvalidParameterException", "sub"):
        api.make_user(pool, "eve", UserAttributes=pairs(sub=sub))


def test_a_name_is_taken_once_whatever_its_case(api: Api, mail_pool: str) -> None:
    api.make_user(mail_pool, ADA)
    with api.refused("UsernameExistsException"):
        api.make_user(mail_pool, "ADA@example.com")


def test_an_alias_is_taken_over_only_by_force(api: Api) -> None:
    pool = api.new_pool(AliasAttributes=["email"])
    first = api.new_user(pool, "first", email=ADA, email_verified="true")
    verified = pairs(email=ADA, email_verified="true")
    with api.refused("UsernameExistsException", "email"):
        api.make_user(pool, "second", UserAttributes=verified)
    api.make_user(pool, "second", UserAttributes=verified, ForceAliasCreation=True, MessageAction="SUPPRESS")
    second = api.stored_user(pool, "second").sub
    assert api.stored_user(pool, ADA).sub == second != first
    assert api.stored_user(pool, "first").attributes["email_verified"] == "false"
    assert [alias.sub for alias in api.cloud.store.find(Alias, pool_id=pool)] == [second]
