"""A user's history: one event for a sign-in with all its answers, others for what else happens; bounded, exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyotp
import pytest

from localcloud.store import replaced
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.configuration.pool_state import AuthEvent
from localcloud.userpool.factors import totp
from localcloud.userpool.pools import require_pool
from tests.localcloud.userpool.conftest import PASSWORD, START, Api
from tests.localcloud.userpool.federation import SUBJECT, Federation
from tests.localcloud.userpool.sign_ins import ASK, DONE, FAIL, VERIFY, Door, Script

PLUS: Mapping[str, Any] = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}
FLOWS = ["ALLOW_USER_PASSWORD_AUTH"]
GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/people"
TO_GROUP = {
    "LogLevel": "INFO",
    "EventSource": "userAuthEvents",
    "CloudWatchLogsConfiguration": {"LogGroupArn": GROUP},
}


@pytest.fixture
def watched(api: Api) -> dict[str, str]:
    """The parameters that name Ada, in a pool that keeps the history of its users."""
    pool = api.new_pool(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"], **PLUS)
    api.cloud.keys[pool] = api.key
    return {"UserPoolId": pool, "Username": "ada@example.com"}


@pytest.fixture
def client(api: Api, watched: dict[str, str]) -> str:
    api.new_user(watched["UserPoolId"], watched["Username"], email_verified="true")
    return api.new_client(watched["UserPoolId"], ExplicitAuthFlows=FLOWS, PreventUserExistenceErrors="ENABLED")


def sign_in(api: Api, client: str, password: str = PASSWORD, name: str = "ada@example.com") -> dict[str, Any]:
    parameters = {"USERNAME": name, "PASSWORD": password}
    return api("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def history(api: Api, watched: dict[str, str], **more: Any) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = api("AdminListUserAuthEvents", **watched, **more)["AuthEvents"]
    return events


def test_a_sign_in_is_an_event(api: Api, watched: dict[str, str], client: str) -> None:
    sign_in(api, client)
    (event,) = history(api, watched)
    assert event == {
        "EventId": event["EventId"],
        "EventType": "SignIn",
        "CreationDate": START,
        "EventResponse": "Pass",
        "EventRisk": {"RiskDecision": "NoRisk", "CompromisedCredentialsDetected": False},
        "ChallengeResponses": [{"ChallengeName": "Password", "ChallengeResponse": "Success"}],
        "EventContextData": {"IpAddress": "127.0.0.1", "DeviceName": "tests"},
    }


def test_a_wrong_password_is_an_event_of_a_user_and_of_nobody_else(
    api: Api, watched: dict[str, str], client: str
) -> None:
    for name in ("ada@example.com", "nobody@example.com"):
        with api.refused("NotAuthorizedException"):
            sign_in(api, client, "wrong", name)
    (event,) = history(api, watched)
    assert event["EventResponse"] == "Fail"
    assert event["ChallengeResponses"] == [{"ChallengeName": "Password", "ChallengeResponse": "Failure"}]
    assert api.cloud.store.count(AuthEvent) == 1


def test_both_factors_of_a_sign_in_are_one_event(api: Api, watched: dict[str, str], client: str) -> None:
    pool_id, secret = watched["UserPoolId"], totp.make_secret(b"0" * 32)
    software_token = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
    api("SetUserPoolMfaConfig", UserPoolId=pool_id, MfaConfiguration="OPTIONAL", **software_token)
    pool, sub = require_pool(api.context, pool_id), api.stored_user(pool_id, watched["Username"]).sub
    enrolled = {"totp_secret": secret, "mfa_methods": ["SOFTWARE_TOKEN_MFA"], "mfa_preferred": "SOFTWARE_TOKEN_MFA"}
    update_user(api.context, pool, sub, lambda user: replaced(user, **enrolled))
    asked = sign_in(api, client)
    assert history(api, watched)[0]["EventResponse"] == "InProgress"
    code = pyotp.TOTP(secret).at(int(START))
    with api.refused("CodeMismatchException"):
        answer(api, client, asked, f"{(int(code) + 1) % 10**6:06}")
    answer(api, client, asked, code)
    (event,) = history(api, watched)
    given_answers = [(one["ChallengeName"], one["ChallengeResponse"]) for one in event["ChallengeResponses"]]
    assert given_answers == [("Password", "Success"), ("Mfa", "Failure"), ("Mfa", "Success")]
    assert event["EventResponse"] == "Pass"


def answer(api: Api, client: str, asked: Mapping[str, Any], code: str) -> None:
    answers = {"USERNAME": "ada@example.com", "SOFTWARE_TOKEN_MFA_CODE": code}
    waiting = {"ChallengeName": asked["ChallengeName"], "Session": asked["Session"]}
    api("RespondToAuthChallenge", ClientId=client, ChallengeResponses=answers, **waiting)


def test_what_else_happens_to_a_user_is_an_event(api: Api, watched: dict[str, str]) -> None:
    client = api.new_client(watched["UserPoolId"])
    name = watched["Username"]
    api("SignUp", ClientId=client, Username=name, Password=PASSWORD)
    api("ResendConfirmationCode", ClientId=client, Username=name)
    (code,) = {sent["code"] for sent in api.sent_to(name) if sent["source"] == "CustomMessage_ResendCode"}
    api("ConfirmSignUp", ClientId=client, Username=name, ConfirmationCode=code)
    api.cloud.clock.advance(1)
    api("ForgotPassword", ClientId=client, Username=name)
    code = api.sent_to(name)[0]["code"]
    api("ConfirmForgotPassword", ClientId=client, Username=name, Password="Another1!horse", ConfirmationCode=code)
    tokens = api.sign_in(watched["UserPoolId"], client, name)
    changed = {"PreviousPassword": "Another1!horse", "ProposedPassword": "A-third1!horse"}
    api("ChangePassword", AccessToken=tokens["AccessToken"], **changed)
    events = sorted((event["EventType"], event["EventResponse"]) for event in history(api, watched))
    assert events == [
        ("ForgotPassword", "InProgress"),
        ("ForgotPassword", "Pass"),
        ("PasswordChange", "Pass"),
        ("ResendCode", "Pass"),
        ("SignUp", "Pass"),
    ]


def test_a_history_is_listed_in_pages_the_newest_first_and_bounded(
    api: Api, watched: dict[str, str], client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth_events, "MOST", 3)
    for _ in range(5):
        api.cloud.clock.advance(1)
        sign_in(api, client)
    page = api("AdminListUserAuthEvents", **watched, MaxResults=2)
    rest = api("AdminListUserAuthEvents", **watched, MaxResults=2, NextToken=page["NextToken"])
    times = [event["CreationDate"] for event in (*page["AuthEvents"], *rest["AuthEvents"])]
    assert times == [START + 5, START + 4, START + 3]


def test_feedback_is_kept_with_the_event(api: Api, watched: dict[str, str], client: str) -> None:
    sign_in(api, client)
    (event,) = history(api, watched)
    for value in ("Invalid", "Valid"):
        api("AdminUpdateAuthEventFeedback", **watched, EventId=event["EventId"], FeedbackValue=value)
    assert history(api, watched)[0]["EventFeedback"] == {
        "FeedbackValue": "Valid",
        "Provider": "Admin",
        "FeedbackDate": START,
    }
    with api.refused("ResourceNotFoundException"):
        api("AdminUpdateAuthEventFeedback", **watched, EventId="another", FeedbackValue="Valid")


class TestOtherWays:
    """Custom authentication is recorded where it has a mode of its own; who comes from a provider, always."""

    @pytest.fixture
    def door(self, api: Api) -> Door:
        add_ons = {"AdvancedSecurityMode": "OFF", "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"}}
        door = Door.open(api, UserPoolTier="PLUS", UserPoolAddOns=add_ons)
        door.user()
        return door

    def events(self, door: Door) -> list[tuple[str, list[str]]]:
        found = history(door.api, {"UserPoolId": door.pool, "Username": "ada"})
        return [(one["EventResponse"], [said["ChallengeName"] for said in one["ChallengeResponses"]]) for one in found]

    def test_what_the_triggers_let_in_or_not(self, api: Api, door: Door) -> None:
        """A custom challenge has no name in a history: API reference, `ChallengeResponseType`."""
        api.cloud.invoke = Script(ASK, DONE)
        door.begin("CUSTOM_AUTH")
        door.answer("CUSTOM_CHALLENGE", ANSWER="right")
        assert self.events(door) == [("Pass", [])]
        api.cloud.clock.advance(1)
        api.cloud.invoke = Script(ASK, FAIL)
        door.begin("CUSTOM_AUTH")
        with api.refused("NotAuthorizedException"):
            door.answer("CUSTOM_CHALLENGE", ANSWER="wrong")
        assert self.events(door) == [("Fail", []), ("Pass", [])]

    def test_a_password_in_it_is_one_event_with_the_rest(self, api: Api, door: Door) -> None:
        api.cloud.invoke = Script(VERIFY, DONE)
        door.begin("CUSTOM_AUTH", CHALLENGE_NAME="SRP_A", SRP_A="new")
        door.prove()
        assert self.events(door) == [("Pass", ["Password"])]

    def test_other_flows_are_not_recorded_there(self, door: Door) -> None:
        assert "AuthenticationResult" in door.by_password()
        assert self.events(door) == []

    def test_nobody_leaves_nothing(self, api: Api, door: Door) -> None:
        api.cloud.invoke = Script(FAIL)
        with api.refused("NotAuthorizedException"):
            door.begin("CUSTOM_AUTH", "nobody")
        assert api.cloud.store.count(AuthEvent) == 0

    def test_who_comes_from_a_provider(self, api: Api) -> None:
        federation = Federation.set_up(api, **PLUS)
        delivered: list[Any] = []
        api.cloud.deliver_log = lambda *given: delivered.append(given[2]["message"])
        api("SetLogDeliveryConfiguration", UserPoolId=federation.pool_id, LogConfigurations=[TO_GROUP])
        federation.sign_in()
        api.cloud.clock.advance(1)
        federation.sign_in()
        found = history(api, {"UserPoolId": federation.pool_id, "Username": f"Partner_{SUBJECT}"})
        assert [(one["EventType"], one["EventResponse"], one["ChallengeResponses"]) for one in found] == [
            ("SignIn", "Pass", [])
        ] * 2
        assert [record["idpName"] for record in delivered] == ["Partner"] * 2


def test_a_pool_without_threat_protection_keeps_nothing(api: Api, pool: str) -> None:
    sub = api.new_user(pool, "ada")
    named_ada = {"UserPoolId": pool, "Username": "ada"}
    with api.refused("UserPoolAddOnNotEnabledException"):
        api("AdminListUserAuthEvents", **named_ada)
    with api.refused("UserPoolAddOnNotEnabledException"):
        api("AdminUpdateAuthEventFeedback", **named_ada, EventId=sub, FeedbackValue="Valid")
    client = api.new_client(pool, ExplicitAuthFlows=FLOWS)
    api.cloud.keys[pool] = api.key
    sign_in(api, client, name="ada")
    assert api.cloud.store.count(AuthEvent) == 0


def test_a_users_history_goes_with_it(api: Api, watched: dict[str, str], client: str) -> None:
    sign_in(api, client)
    api("AdminDeleteUser", **watched)
    assert api.cloud.store.count(AuthEvent) == 0


class TestLogDelivery:
    """A pool's activity goes where the pool says, once for each step."""

    def test_records_are_delivered_as_a_sign_in_goes_on(self, api: Api, watched: dict[str, str], client: str) -> None:
        delivered: list[tuple[Any, ...]] = []
        api.cloud.deliver_log = lambda *given: delivered.append(given)
        pool = watched["UserPoolId"]
        api("SetLogDeliveryConfiguration", UserPoolId=pool, LogConfigurations=[TO_GROUP])
        sign_in(api, client)
        with api.refused("NotAuthorizedException"):
            sign_in(api, client, "wrong", "nobody@example.com")
        assert [(place, source) for place, source, _ in delivered] == [(TO_GROUP, pool)] * 2
        first, last = (record["message"] for _, _, record in delivered)
        assert (first["eventResponse"], last["eventResponse"]) == ("InProgress", "Pass")
        assert first["eventId"] == last["eventId"] == history(api, watched)[0]["EventId"]
        assert (last["eventType"], last["challenges"], last["riskDecision"]) == (
            "SIGN_IN",
            ["PASSWORD:SUCCESS"],
            "PASS",
        )
        assert PASSWORD not in str(delivered)

    def test_a_configuration_is_replaced_as_a_whole(self, api: Api, watched: dict[str, str]) -> None:
        named_pool = {"UserPoolId": watched["UserPoolId"]}
        to_bucket = {
            "LogLevel": "INFO",
            "EventSource": "userAuthEvents",
            "S3Configuration": {"BucketArn": "arn:aws:s3:::logs"},
        }
        errors = {**TO_GROUP, "LogLevel": "ERROR", "EventSource": "userNotification"}
        for wanted in ([TO_GROUP, errors], [to_bucket], []):
            answer = {"LogDeliveryConfiguration": {**named_pool, "LogConfigurations": wanted}}
            assert api("SetLogDeliveryConfiguration", **named_pool, LogConfigurations=wanted) == answer
            assert api("GetLogDeliveryConfiguration", **named_pool) == answer

    @pytest.mark.parametrize(
        ("wanted", "text"),
        [
            ([TO_GROUP, TO_GROUP], "one log configuration of each EventSource"),
            ([{**TO_GROUP, "LogLevel": "ERROR"}], "LogLevel"),
            ([{"LogLevel": "INFO", "EventSource": "userAuthEvents"}], "one place"),
            ([{**TO_GROUP, "S3Configuration": {"BucketArn": "arn:aws:s3:::logs"}}], "one place"),
            (
                [
                    {
                        "LogLevel": "ERROR",
                        "EventSource": "userNotification",
                        "S3Configuration": {"BucketArn": "arn:aws:s3:::logs"},
                    }
                ],
                "CloudWatch Logs",
            ),
            (
                [
                    {
                        "LogLevel": "INFO",
                        "EventSource": "userAuthEvents",
                        "FirehoseConfiguration": {"StreamArn": f"{GROUP[:-20]}x"},
                    }
                ],
                "`FirehoseConfiguration` is not supported",
            ),
            (
                [{**TO_GROUP, "CloudWatchLogsConfiguration": {"LogGroupArn": GROUP.replace("000", "111")}}],
                "in this account",
            ),
        ],
    )
    def test_what_goes_nowhere_is_refused(
        self, api: Api, watched: dict[str, str], wanted: list[dict[str, Any]], text: str
    ) -> None:
        with api.refused("InvalidParameterException", text):
            api("SetLogDeliveryConfiguration", UserPoolId=watched["UserPoolId"], LogConfigurations=wanted)

    def test_activity_needs_the_plus_tier(self, api: Api, pool: str) -> None:
        with api.refused("FeatureUnavailableInTierException"):
            api("SetLogDeliveryConfiguration", UserPoolId=pool, LogConfigurations=[TO_GROUP])
