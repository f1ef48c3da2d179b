"""What a pool does about a sign-in with a risk: nothing, a second factor, or a block; told in the user's history."""

from __future__ import annotations

import dataclasses

import pytest

from localcloud.assessments import Assessment
from localcloud.userpool.configuration.pool_state import RiskConfiguration
from localcloud.userpool.operations import initiate_auth
from tests.journeys.claims import claims_of
from tests.localcloud.userpool.conftest import PASSWORD, Api
from tests.localcloud.userpool.protection.pools import NO_LEAKS, history, protected
from tests.localcloud.userpool.sign_ins import ASK, DONE, EMAIL, PHONE, Door, Script

BLOCKED = "Unable to login because of security reasons."


def expect(door: Door, level: str, times: int = 1, name: str = "ada") -> None:
    door.api.cloud.assessments.put(Assessment(level, username=name, times=times))


def risk(door: Door) -> tuple[str, str, str]:
    """Response, decision and level of the newest event."""
    event = history(door)[0]
    return event["EventResponse"], event["EventRisk"]["RiskDecision"], event["EventRisk"].get("RiskLevel", "")


def test_each_level_has_its_own_action(api: Api) -> None:
    door = protected(api, {"Low": "NO_ACTION", "High": "BLOCK"})
    door.user()
    assert "AuthenticationResult" in door.by_password()
    assert risk(door) == ("Pass", "NoRisk", "")
    expect(door, "Low")
    assert "AuthenticationResult" in door.by_password()
    assert risk(door) == ("Pass", "AccountTakeover", "Low")
    # A level that the configuration does not name.
    expect(door, "Medium")
    assert "AuthenticationResult" in door.by_password()
    expect(door, "High")
    with api.refused("NotAuthorizedException", BLOCKED):
        door.by_password()
    assert risk(door) == ("Fail", "Block", "High")
    assert history(door)[0]["ChallengeResponses"] == [{"ChallengeName": "Password", "ChallengeResponse": "Success"}]
    assert "AuthenticationResult" in door.by_password()


def test_without_actions_every_risk_is_blocked(api: Api) -> None:
    """Source: developer guide, "Setting up threat protection", Cognito defaults."""
    door = protected(api, None)
    door.user()
    for level in ("Low", "Medium", "High"):
        expect(door, level)
        with api.refused("NotAuthorizedException", BLOCKED):
            door.by_password()


def test_an_audit_records_and_does_nothing(api: Api) -> None:
    door = protected(api, {"High": "BLOCK"}, mode="AUDIT")
    door.user()
    expect(door, "High")
    assert "AuthenticationResult" in door.by_password()
    assert risk(door) == ("Pass", "AccountTakeover", "High")


def test_a_wrong_password_is_nothing_to_assess(api: Api) -> None:
    door = protected(api, {"High": "BLOCK"})
    door.user()
    expect(door, "High")
    with api.refused("NotAuthorizedException", "Incorrect username or password."):
        door.by_password(password="wrong")
    with api.refused("NotAuthorizedException", BLOCKED):
        door.by_password()


def test_every_way_to_begin_is_assessed_once(api: Api) -> None:
    door = protected(api, {"High": "BLOCK"})
    door.user()
    expect(door, "High", times=3)
    door.begin("USER_SRP_AUTH", SRP_A="new")
    with api.refused("NotAuthorizedException", BLOCKED):
        door.prove()
    with api.refused("NotAuthorizedException", BLOCKED):
        door.begin("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    with api.refused("NotAuthorizedException", BLOCKED):
        door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))
    assert api.cloud.assessments.listed() == []


@pytest.mark.parametrize("action", ["MFA_IF_CONFIGURED", "MFA_REQUIRED"])
def test_whoever_has_a_second_factor_has_to_show_it(api: Api, action: str) -> None:
    """It need not be turned on, nor the phone number verified. Source: "Working with adaptive authentication"."""
    door = protected(api, {"Medium": action})
    door.second("OPTIONAL", "Sms")
    door.user()
    assert "AuthenticationResult" in door.by_password()
    expect(door, "Medium")
    assert door.by_password()["ChallengeName"] == "SMS_MFA"
    assert risk(door) == ("InProgress", "AccountTakeover", "Medium")
    assert "AuthenticationResult" in door.answer("SMS_MFA", SMS_MFA_CODE=door.code(PHONE))
    assert risk(door) == ("Pass", "AccountTakeover", "Medium")


@pytest.mark.parametrize(("action", "passes"), [("MFA_IF_CONFIGURED", True), ("MFA_REQUIRED", False)])
def test_whoever_has_none_is_let_in_or_not(api: Api, action: str, passes: bool) -> None:
    """Attack: whoever has the password of somebody without a second factor."""
    door = protected(api, {"High": action})
    door.second("OPTIONAL", "SoftwareToken")
    door.user()
    expect(door, "High")
    if passes:
        assert "AuthenticationResult" in door.by_password()
    else:
        with api.refused("NotAuthorizedException", BLOCKED):
            door.by_password()
    assert risk(door)[1] == ("AccountTakeover" if passes else "Block")


@pytest.mark.parametrize(("action", "passes"), [("MFA_IF_CONFIGURED", True), ("MFA_REQUIRED", False)])
def test_whoever_knows_a_password_sets_up_no_factor_of_their_own(api: Api, action: str, passes: bool) -> None:
    """Attack: where MFA is ON, a thief's own authenticator app, for a user who has none yet."""
    door = protected(api, {"High": action}, first=["PASSWORD"])
    door.second("ON", "SoftwareToken")
    door.user()
    expect(door, "High")
    if passes:
        assert door.by_password()["ChallengeName"] == "MFA_SETUP"
    else:
        with api.refused("NotAuthorizedException", BLOCKED):
            door.by_password()
    assert risk(door)[1] == ("AccountTakeover" if passes else "Block")


def test_of_several_factors_one_is_chosen(api: Api) -> None:
    door = protected(api, {"High": "MFA_REQUIRED"})
    door.second("OPTIONAL", "Sms", "SoftwareToken")
    door.user()
    door.with_app()
    expect(door, "High")
    assert door.by_password()["ChallengeName"] == "SELECT_MFA_TYPE"
    assert door.answer("SELECT_MFA_TYPE", ANSWER="SMS_MFA")["ChallengeName"] == "SMS_MFA"
    assert "AuthenticationResult" in door.answer("SMS_MFA", SMS_MFA_CODE=door.code(PHONE))


def test_custom_authentication_has_a_mode_of_its_own(api: Api) -> None:
    for custom_mode, blocks in (("ENFORCED", True), ("AUDIT", False)):
        door = protected(api, {"High": "BLOCK"}, mode="AUDIT", custom_mode=custom_mode)
        door.user(email=f"{custom_mode}@example.com")
        api.cloud.invoke = Script(ASK, DONE)
        expect(door, "High")
        door.begin("CUSTOM_AUTH")
        if blocks:
            with api.refused("NotAuthorizedException", BLOCKED):
                door.answer("CUSTOM_CHALLENGE", ANSWER="right")
        else:
            assert "AuthenticationResult" in door.answer("CUSTOM_CHALLENGE", ANSWER="right")
        assert risk(door) == (("Fail", "Block") if blocks else ("Pass", "AccountTakeover")) + ("High",)


def test_no_factor_is_asked_behind_the_triggers_so_that_a_required_one_blocks(api: Api) -> None:
    door = protected(api, {"High": "MFA_REQUIRED", "Low": "MFA_IF_CONFIGURED"})
    door.second("OPTIONAL", "Sms")
    door.user()
    for level in ("Low", "High"):
        api.cloud.invoke = Script(ASK, DONE)
        expect(door, level)
        door.begin("CUSTOM_AUTH")
        if level == "High":
            with api.refused("NotAuthorizedException", BLOCKED):
                door.answer("CUSTOM_CHALLENGE", ANSWER="right")
        else:
            assert "AuthenticationResult" in door.answer("CUSTOM_CHALLENGE", ANSWER="right")


def test_an_address_that_is_always_allowed_is_no_risk(api: Api) -> None:
    door = protected(api, None)
    door.user()
    exceptions = {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/24"]}}
    api("SetRiskConfiguration", UserPoolId=door.pool, **NO_LEAKS, **exceptions)
    request = {
        "ClientId": door.client,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ada", "PASSWORD": PASSWORD},
    }
    expect(door, "High", times=2)
    from_there = dataclasses.replace(api.context, source_ip="192.0.2.9")
    assert "AuthenticationResult" in initiate_auth.handle(from_there, request)
    with api.refused("NotAuthorizedException", BLOCKED):
        initiate_auth.handle(api.context, request)


def test_a_clients_own_configuration_counts(api: Api) -> None:
    door = protected(api, {"High": "BLOCK"})
    door.user()
    api.cloud.store.put(
        RiskConfiguration(door.pool, door.client, {"AccountTakeoverRiskConfiguration": {"Actions": {}}}, 0)
    )
    expect(door, "High")
    assert "AuthenticationResult" in door.by_password()


def test_tokens_name_their_event(api: Api) -> None:
    """Source: developer guide, "Viewing user event history"."""
    door = protected(api, {})
    door.user()
    tokens = door.by_password()["AuthenticationResult"]
    assert claims_of(tokens["AccessToken"])["event_id"] == history(door)[0]["EventId"]
