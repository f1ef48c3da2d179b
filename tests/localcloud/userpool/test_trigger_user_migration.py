"""User migration: when the trigger is asked, what it is told, and what of its answer makes the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.errors import AwsError
from tests.localcloud.userpool.conftest import PASSWORD, TRIGGER, Api
from tests.localcloud.userpool.sign_ins import EMAIL, PHONE, Door

AT_SIGN_IN, FORGOTTEN = "UserMigration_Authentication", "UserMigration_ForgotPassword"
ADA = {"email": EMAIL, "email_verified": "true"}
KNOWN = {"userAttributes": ADA, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}
OLD = "old one"
"""A password that the pool's policy would never take."""


def door_of(api: Api, hides: str = "ENABLED", **settings: Any) -> Door:
    triggers = {"UserMigration": TRIGGER, "PreAuthentication": TRIGGER, "PreSignUp": TRIGGER}
    settings = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"], **settings}
    return Door.open(api, LambdaConfig=triggers, client={"PreventUserExistenceErrors": hides}, **settings)


def answer(api: Api, source: str = AT_SIGN_IN, **changes: Any) -> None:
    api.triggers.answers[source] = {**KNOWN, **changes}


def is_there(api: Api, door: Door) -> bool:
    return bool(api("ListUsers", UserPoolId=door.pool)["Users"])


def test_the_first_sign_in_makes_the_user_with_the_password_that_was_sent(api: Api) -> None:
    door = door_of(api)
    answer(api)
    request = {"AuthParameters": {"USERNAME": EMAIL, "PASSWORD": OLD}, "ClientMetadata": {"from": "old"}}
    done = api("InitiateAuth", ClientId=door.client, AuthFlow="USER_PASSWORD_AUTH", **request)
    assert "AuthenticationResult" in done
    assert api.triggers.sources == [AT_SIGN_IN, "PreAuthentication_Authentication"]
    event = api.triggers.events[0]
    assert event["userName"] == EMAIL
    assert event["request"] == {"password": OLD, "validationData": {"from": "old"}, "clientMetadata": None}
    user = api.stored_user(door.pool, EMAIL)
    assert (user.status, user.attributes["email_verified"]) == ("CONFIRMED", "true")
    assert api.sent_to(EMAIL) == []
    # From now on the user is the pool's own, by SRP as well.
    door.begin("USER_SRP_AUTH", EMAIL, SRP_A="new")
    assert "AuthenticationResult" in door.prove(EMAIL, OLD)
    assert api.triggers.sources.count(AT_SIGN_IN) == 1


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_AUTH"])
def test_flows_that_do_not_send_the_password_ask_nobody(api: Api, flow: str) -> None:
    door = door_of(api)
    answer(api)
    door.begin(flow, EMAIL, **({"SRP_A": "new"} if flow == "USER_SRP_AUTH" else {"PASSWORD": OLD}))
    assert AT_SIGN_IN not in api.triggers.sources
    assert not is_there(api, door)


@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize(
    ("hides", "code"), [("ENABLED", "NotAuthorizedException"), ("LEGACY", "UserNotFoundException")]
)
def test_who_is_nobody_there_is_nobody_here(api: Api, hides: str, code: str, refuses: bool) -> None:
    """Attack: asking the other directory who exists, by its refusal of a wrong password."""
    door = door_of(api, hides)
    if refuses:
        api.triggers.errors[AT_SIGN_IN] = "wrong password of ada"
        code = code if hides == "ENABLED" else "UserLambdaValidationException"
    with api.refused(code) as _:
        door.by_password(EMAIL)
    assert not is_there(api, door)


@pytest.mark.parametrize("hides", ["ENABLED", "LEGACY"])
def test_attack_guessing_a_password_of_the_other_directory(api: Api, hides: str) -> None:
    door = door_of(api, hides)
    api.triggers.errors[AT_SIGN_IN] = "wrong"
    for _ in range(5):
        with pytest.raises(AwsError):
            door.by_password(EMAIL)
    api.triggers.errors.clear()
    api.triggers.events.clear()
    answer(api)
    with api.refused("NotAuthorizedException", "Password attempts exceeded"):
        door.by_password(EMAIL)
    assert api.triggers.sources == []


def test_a_password_that_has_to_be_chosen_anew(api: Api) -> None:
    door = door_of(api)
    answer(api, finalUserStatus="RESET_REQUIRED")
    with api.refused("PasswordResetRequiredException"):
        door.by_password(EMAIL)
    api("ForgotPassword", ClientId=door.client, Username=EMAIL)
    assert api.sent_to(EMAIL)


def test_without_a_status_the_user_chooses_a_password_in_this_sign_in_and_is_welcomed(api: Api) -> None:
    door = door_of(api)
    api.triggers.answers[AT_SIGN_IN] = {"userAttributes": ADA, "desiredDeliveryMediums": ["EMAIL"]}
    assert door.by_password(EMAIL, OLD)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    [welcome] = api.sent_to(EMAIL)
    assert welcome["source"] == "CustomMessage_AdminCreateUser"
    # Attack: reading somebody's mail for a password that is used elsewhere as well.
    assert OLD not in str(welcome)


def test_a_second_factor_by_sms_from_the_start(api: Api) -> None:
    door = door_of(api)
    door.second("OPTIONAL", "Sms")
    answer(api, userAttributes={**ADA, "phone_number": PHONE, "phone_number_verified": "true"}, enableSMSMFA=True)
    assert door.by_password(EMAIL, OLD)["ChallengeName"] == "SMS_MFA"


@pytest.mark.parametrize("force", [True, False])
def test_an_alias_that_is_another_users(api: Api, force: bool) -> None:
    door = door_of(api, UsernameAttributes=[], AliasAttributes=["email"])
    api.new_user(door.pool, "bob", **ADA)
    answer(api, forceAliasCreation=force)
    if force:
        assert "AuthenticationResult" in door.by_password("ada", OLD)
        assert api.stored_user(door.pool, EMAIL).username == "ada"
    else:
        with api.refused("NotAuthorizedException"):
            door.by_password("ada", OLD)
        assert api.stored_user(door.pool, EMAIL).username == "bob"


@pytest.mark.parametrize(
    "wrong",
    [
        {"userAttributes": {"email": 7}},
        {"userAttributes": {"email": "bob@example.com"}},
        {"userAttributes": {**ADA, "custom:none": "x"}},
        {"finalUserStatus": "ARCHIVED"},
        {"messageAction": "SHOUT"},
        {"desiredDeliveryMediums": ["PIGEON"]},
        {"messageAction": None, "desiredDeliveryMediums": ["SMS"]},
        {"forceAliasCreation": "yes"},
        {"enableSMSMFA": True},
    ],
)
def test_an_answer_that_makes_no_user(api: Api, wrong: Mapping[str, Any]) -> None:
    door = door_of(api)
    answer(api, **wrong)
    with api.refused("InvalidLambdaResponseException"):
        door.by_password(EMAIL, OLD)
    assert not is_there(api, door)


def test_who_has_forgotten_the_password_gets_a_code_at_once(api: Api) -> None:
    door = door_of(api)
    answer(api, FORGOTTEN, finalUserStatus="RESET_REQUIRED")
    api("ForgotPassword", ClientId=door.client, Username=EMAIL, ClientMetadata={"lang": "ja"})
    assert api.triggers.request(FORGOTTEN) == {"validationData": None, "clientMetadata": {"lang": "ja"}}
    chosen = {"ConfirmationCode": door.code(EMAIL), "Password": PASSWORD}
    api("ConfirmForgotPassword", ClientId=door.client, Username=EMAIL, **chosen)
    assert "AuthenticationResult" in door.by_password(EMAIL)


def test_a_forgotten_password_of_nobody_looks_like_anybodys(api: Api) -> None:
    door = door_of(api)
    api.triggers.errors[FORGOTTEN] = "nobody"
    assert "CodeDeliveryDetails" in api("ForgotPassword", ClientId=door.client, Username=EMAIL)
    assert not is_there(api, door)


def test_of_two_first_sign_ins_at_once_one_makes_the_user(api: Api) -> None:
    door = door_of(api)
    answer(api)
    invoke = api.cloud.invoke

    def and_another_meanwhile(arn: str, event: Mapping[str, Any], **rest: Any) -> Any:
        api.cloud.invoke = invoke
        door.by_password(EMAIL, OLD)
        return invoke(arn, event, **rest)

    api.cloud.invoke = and_another_meanwhile
    assert "AuthenticationResult" in door.by_password(EMAIL, OLD)
    assert len(api("ListUsers", UserPoolId=door.pool)["Users"]) == 1
