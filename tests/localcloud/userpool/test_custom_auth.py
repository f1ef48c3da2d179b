"""CUSTOM_AUTH: three triggers decide what is asked, what is right and when there are tokens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localcloud.userpool.conftest import PASSWORD, Api
from tests.localcloud.userpool.sign_ins import ASK, CUSTOM, DONE, FAIL, PHONE, VERIFY, Door, Script


@pytest.fixture
def door(api: Api) -> Door:
    door = Door.open(api, first=["PASSWORD"], DeviceConfiguration={"ChallengeRequiredOnNewDevice": True})
    door.user()
    return door


def play(door: Door, *decisions: dict[str, Any]) -> Script:
    door.api.cloud.invoke = script = Script(*decisions)
    return script


def result(name: str, passed: bool = True, metadata: str | None = None) -> dict[str, Any]:
    return {"challengeName": name, "challengeResult": passed, "challengeMetadata": metadata}


def test_a_question_of_the_triggers_signs_in(door: Door) -> None:
    script = play(door, ASK, DONE)
    asked = door.begin("CUSTOM_AUTH")
    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert asked["ChallengeParameters"] == {"USERNAME": "ada", "question": "?"}
    tokens = door.answer("CUSTOM_CHALLENGE", ANSWER="right")["AuthenticationResult"]
    assert "NewDeviceMetadata" not in tokens, "source: aws-amplify/amplify-js#14909"
    first, last = script.of("DefineAuthChallenge")
    assert (first["session"], first["userNotFound"]) == ([], False)
    assert first["userAttributes"]["cognito:user_status"] == "CONFIRMED"
    assert last["session"] == [result("CUSTOM_CHALLENGE", True, "round 0")]
    (create,) = script.of("CreateAuthChallenge")
    assert (create["challengeName"], create["session"]) == ("CUSTOM_CHALLENGE", [])
    (verify,) = script.of("VerifyAuthChallengeResponse")
    assert (verify["privateChallengeParameters"], verify["challengeAnswer"]) == ({"answer": "right"}, "right")


def test_the_private_parameters_stay_on_the_server(door: Door) -> None:
    play(door, ASK)
    assert "right" not in str(door.begin("CUSTOM_AUTH"))


def test_a_wrong_answer_is_the_triggers_to_judge(door: Door) -> None:
    script = play(door, ASK, ASK, ASK, DONE)
    door.begin("CUSTOM_AUTH")
    door.answer("CUSTOM_CHALLENGE", ANSWER="wrong")
    door.answer("CUSTOM_CHALLENGE", ANSWER="wrong too")
    assert "AuthenticationResult" in door.answer("CUSTOM_CHALLENGE", ANSWER="right")
    rounds = [(entry["challengeResult"], entry["challengeMetadata"]) for entry in script.of("Define")[-1]["session"]]
    assert rounds == [(False, "round 0"), (False, "round 1"), (True, "round 2")]


def test_many_long_rounds_fit_into_a_session_that_can_be_sent_back(door: Door) -> None:
    """A Session has 2,048 characters at most."""
    script = play(door, ASK)
    script.right = "x" * 3000
    door.begin("CUSTOM_AUTH")
    for _ in range(12):
        assert len(door.last["Session"]) <= 2048
        door.answer("CUSTOM_CHALLENGE", ANSWER="wrong")
    assert len(script.of("Define")[-1]["session"]) == 12
    script.decisions = [DONE]
    assert "AuthenticationResult" in door.answer("CUSTOM_CHALLENGE", ANSWER="x" * 2000)


def test_a_session_of_a_round_counts_once(door: Door) -> None:
    """Attack: taking a wrong answer back, by answering the same round again."""
    play(door, ASK)
    session = door.begin("CUSTOM_AUTH")["Session"]
    door.answer("CUSTOM_CHALLENGE", ANSWER="wrong")
    with door.api.refused("NotAuthorizedException", "session can only be used once"):
        door.answer("CUSTOM_CHALLENGE", session=session, ANSWER="right")


def test_the_triggers_may_end_it(door: Door) -> None:
    play(door, ASK, FAIL)
    door.begin("CUSTOM_AUTH")
    with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
        door.answer("CUSTOM_CHALLENGE", ANSWER="wrong")


def test_the_triggers_may_let_in_at_once(door: Door) -> None:
    play(door, DONE)
    assert "AuthenticationResult" in door.begin("CUSTOM_AUTH")


def test_a_password_by_srp_comes_first_where_the_client_begins_with_it(door: Door) -> None:
    script = play(door, VERIFY, ASK, DONE)
    asked = door.begin("CUSTOM_AUTH", CHALLENGE_NAME="SRP_A", SRP_A="new")
    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    assert door.prove()["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert "AuthenticationResult" in door.answer("CUSTOM_CHALLENGE", ANSWER="right")
    sessions = [[entry["challengeName"] for entry in request["session"]] for request in script.of("Define")]
    assert sessions == [
        ["SRP_A"],
        ["SRP_A", "PASSWORD_VERIFIER"],
        ["SRP_A", "PASSWORD_VERIFIER", "CUSTOM_CHALLENGE"],
    ]


def test_a_wrong_password_ends_it(door: Door) -> None:
    play(door, VERIFY, DONE)
    door.begin("CUSTOM_AUTH", CHALLENGE_NAME="SRP_A", SRP_A="new")
    with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
        door.prove(password="wrong")


def test_mfa_follows_the_password_and_the_triggers_see_it(door: Door) -> None:
    """Source: developer guide, "Define auth challenge Lambda trigger"."""
    door.second("OPTIONAL", "Sms")
    door.prefer(SMSMfaSettings={"Enabled": True})
    script = play(door, VERIFY, ASK, DONE)
    door.begin("CUSTOM_AUTH", CHALLENGE_NAME="SRP_A", SRP_A="new")
    assert door.prove()["ChallengeName"] == "SMS_MFA"
    assert door.answer("SMS_MFA", SMS_MFA_CODE=door.code(PHONE))["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert script.of("Define")[-1]["session"][-1] == result("SMS_MFA")
    assert "AuthenticationResult" in door.answer("CUSTOM_CHALLENGE", ANSWER="right")


def test_no_mfa_follows_where_no_password_was_asked(door: Door) -> None:
    """Source: aws-amplify/amplify-js#12887: the triggers alone decide then."""
    door.second("ON", "Sms")
    play(door, ASK, DONE)
    door.begin("CUSTOM_AUTH")
    assert "AuthenticationResult" in door.answer("CUSTOM_CHALLENGE", ANSWER="right")


@pytest.mark.parametrize("name", ["SMS_MFA", "NEW_PASSWORD_REQUIRED", "SELECT_CHALLENGE", "PASSWORD_VERIFIER", None])
def test_what_cannot_be_asked_is_no_answer_of_a_trigger(door: Door, name: str | None) -> None:
    """Attack: a challenge that nobody asks, and the end behind it."""
    play(door, {"challengeName": name, "issueTokens": False, "failAuthentication": False})
    with door.api.refused("InvalidLambdaResponseException"):
        door.begin("CUSTOM_AUTH")


@pytest.mark.parametrize(
    "answer", [{"issueTokens": "true"}, {"issueTokens": 1}, {"issueTokens": True, "failAuthentication": True}, {}]
)
def test_an_answer_is_not_taken_for_more_than_it_says(door: Door, answer: dict[str, Any]) -> None:
    play(door, answer)
    with pytest.raises(Exception, match=r"InvalidLambdaResponse|Incorrect username"):
        door.begin("CUSTOM_AUTH")


def test_a_trigger_cannot_let_in_a_name_that_nobody_has(door: Door) -> None:
    """The triggers are told, and their questions are asked all the same: a stranger sees what anybody sees."""
    script = play(door, ASK, DONE)
    asked = door.begin("CUSTOM_AUTH", "nobody")
    assert asked["ChallengeParameters"] == {"USERNAME": "nobody", "question": "?"}
    with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
        door.answer("CUSTOM_CHALLENGE", "nobody", ANSWER="right")
    assert [request["userNotFound"] for request in script.of("")] == [True] * 4


@pytest.mark.parametrize(
    ("status", "code"),
    [("UNCONFIRMED", "UserNotConfirmedException"), ("RESET_REQUIRED", "PasswordResetRequiredException")],
)
def test_an_account_that_is_not_ready_is_told_so_at_the_end(door: Door, status: str, code: str) -> None:
    door.change("ada", status=status)
    play(door, ASK, DONE)
    door.begin("CUSTOM_AUTH")
    with door.api.refused(code):
        door.answer("CUSTOM_CHALLENGE", ANSWER="right")


def test_a_user_who_was_disabled_meanwhile_is_not_let_in(door: Door) -> None:
    play(door, ASK, DONE)
    door.begin("CUSTOM_AUTH")
    door.api("AdminDisableUser", UserPoolId=door.pool, Username="ada")
    with door.api.refused("NotAuthorizedException", "User is disabled."):
        door.answer("CUSTOM_CHALLENGE", ANSWER="right")


def test_a_user_with_a_temporary_password_needs_none_here(door: Door) -> None:
    """Source: aws-samples/amazon-cognito-passwordless-auth#194."""
    door.api.make_user(door.pool, "bob", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    play(door, DONE)
    assert "AuthenticationResult" in door.begin("CUSTOM_AUTH", "bob")


def test_a_pool_without_the_triggers_refuses_the_flow(api: Api) -> None:
    door = Door.open(api, LambdaConfig={})
    with api.refused("InvalidParameterException", "Custom auth lambda trigger is not configured"):
        door.begin("CUSTOM_AUTH")
    door = Door.open(api, LambdaConfig={"DefineAuthChallenge": CUSTOM["DefineAuthChallenge"]})
    door.user()
    play(door, ASK)
    with api.refused("InvalidUserPoolConfigurationException"):
        door.begin("CUSTOM_AUTH")


def test_metadata_reaches_the_triggers_with_an_answer_only(door: Door) -> None:
    script = play(door, ASK, DONE)
    about = {"ClientId": door.client, "ClientMetadata": {"a": "b"}}
    begun = door.api("InitiateAuth", AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "ada"}, **about)
    responses = {"USERNAME": "ada", "ANSWER": "right"}
    door.api(
        "RespondToAuthChallenge",
        ChallengeName="CUSTOM_CHALLENGE",
        Session=begun["Session"],
        ChallengeResponses=responses,
        **about,
    )
    told = [request.get("clientMetadata") for request in script.of("")]
    assert told == [None, None, {"a": "b"}, {"a": "b"}]


def test_a_client_may_be_for_these_triggers_only(api: Api) -> None:
    door = Door.open(api, client={"ExplicitAuthFlows": ["CUSTOM_AUTH_FLOW_ONLY"]})
    door.user()
    play(door, DONE)
    assert "AuthenticationResult" in door.begin("CUSTOM_AUTH")
    with api.refused("InvalidParameterException", "not enabled"):
        door.begin("USER_SRP_AUTH", SRP_A="new")
