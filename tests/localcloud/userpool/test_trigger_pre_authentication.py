"""Pre authentication: once in each sign-in, before anything is proven, and what it is told."""

from __future__ import annotations

import pytest

from localcloud.errors import AwsError
from tests.localcloud.userpool.conftest import TRIGGER, Api
from tests.localcloud.userpool.sign_ins import ASK, CUSTOM, Door, Script

SOURCE = "PreAuthentication_Authentication"


def door_of(api: Api, hides: str = "ENABLED") -> Door:
    triggers = {**CUSTOM, "PreAuthentication": TRIGGER, "PostAuthentication": TRIGGER}
    door = Door.open(api, LambdaConfig=triggers, client={"PreventUserExistenceErrors": hides})
    door.user()
    return door


def test_what_it_is_told(api: Api) -> None:
    door = door_of(api)
    api.triggers.events.clear()
    asked = {"ClientId": door.client, "AuthFlow": "USER_PASSWORD_AUTH", "ClientMetadata": {"app": "web"}}
    api("InitiateAuth", **asked, AuthParameters={"USERNAME": "ada", "PASSWORD": "Correct1!horse"})
    assert api.triggers.sources == [SOURCE, "PostAuthentication_Authentication"]
    event = api.triggers.events[0]
    assert event["userName"] == "ada"
    assert event["callerContext"]["clientId"] == door.client
    attributes = event["request"].pop("userAttributes")
    assert attributes["cognito:user_status"] == "CONFIRMED"
    assert attributes["email"] == "ada@example.com"
    assert event["request"] == {"validationData": {"app": "web"}, "userNotFound": False}


def test_a_refusal_comes_before_the_password_and_whatever_it_is(api: Api) -> None:
    door = door_of(api)
    api.triggers.errors[SOURCE] = "not from here"
    for password in ("Correct1!horse", "wrong"):
        with api.refused("UserLambdaValidationException", "PreAuthentication failed with error not from here."):
            door.by_password(password=password)


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "CUSTOM_AUTH", "USER_AUTH"])
def test_every_flow_asks_once_and_an_answer_to_a_challenge_does_not(api: Api, flow: str) -> None:
    door = door_of(api)
    script = Script(ASK)
    api.cloud.invoke = script
    door.begin(flow, **({"SRP_A": "new"} if flow == "USER_SRP_AUTH" else {}))
    if flow == "USER_SRP_AUTH":
        door.prove()
    assert len(script.of("PreAuthentication")) == 1


def test_a_refresh_is_no_sign_in(api: Api) -> None:
    door = door_of(api)
    token = door.by_password()["AuthenticationResult"]["RefreshToken"]
    api.triggers.events.clear()
    api("InitiateAuth", ClientId=door.client, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token})
    assert SOURCE not in api.triggers.sources


def test_it_hears_of_a_name_that_nobody_has_only_where_the_client_hides_who_exists(api: Api) -> None:
    """Attack: telling who exists by whether a trigger's refusal comes."""
    hiding, open_ = door_of(api), door_of(api, "LEGACY")
    for door in (hiding, open_):
        with pytest.raises(AwsError):
            door.by_password("nobody")
    assert api.triggers.sources.count(SOURCE) == 1
    event = next(event for event in api.triggers.events if event["triggerSource"] == SOURCE)
    assert event["userName"] == "nobody"
    assert event["request"] == {"userAttributes": {}, "validationData": None, "userNotFound": True}
    open_.by_password()
    assert "userNotFound" not in api.triggers.request(SOURCE)
