"""Threat protection over the socket: a risk that is told, a blocked sign-in, its mail, its history, its feedback."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.people import PASSWORD, root_client
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud

PROTECTED: dict[str, Any] = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
SOURCE = "arn:aws:ses:us-east-1:000000000000:identity/example.com"


@pytest.fixture
def risky(cloud: LocalCloud) -> Iterator[LocalCloud]:
    yield cloud
    request = urllib.request.Request(f"{cloud.endpoint}/_localcloud/risks", method="DELETE")
    assert cloud.ask(request)[1] == {"risks": []}


def test_a_risk_is_blocked_told_recorded_and_answered(risky: LocalCloud, email: str) -> None:
    users = root_client(risky, "cognito-idp")
    pool = users.create_user_pool(PoolName="protected", UserPoolTier="PLUS", UsernameAttributes=["email"])["UserPool"][
        "Id"
    ]
    users.set_risk_configuration(
        UserPoolId=pool,
        CompromisedCredentialsRiskConfiguration={"Actions": {"EventAction": "NO_ACTION"}},
        AccountTakeoverRiskConfiguration={
            "NotifyConfiguration": {"SourceArn": SOURCE},
            "Actions": {"HighAction": {"EventAction": "BLOCK", "Notify": True}},
        },
    )
    users.update_user_pool(UserPoolId=pool, **PROTECTED)
    users.create_user_pool_domain(UserPoolId=pool, Domain=f"d{pool[-9:].lower()}")
    flows = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
    client = users.create_user_pool_client(UserPoolId=pool, ClientName="app", **flows)["UserPoolClient"]["ClientId"]
    attributes = [{"Name": "email", "Value": email}]
    users.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS")
    users.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)

    def sign_in() -> dict[str, Any]:
        parameters = {"USERNAME": email, "PASSWORD": PASSWORD}
        answer: dict[str, Any] = users.initiate_auth(
            ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
        )
        return answer

    assert sign_in()["AuthenticationResult"]
    status, told = risky.post("risks", {"username": email, "level": "High"})
    assert (status, told["risks"][0]["times"]) == (200, 1)
    assert refusal(sign_in) == ("NotAuthorizedException", "Unable to login because of security reasons.")
    assert sign_in()["AuthenticationResult"]

    sent = risky.get(f"outbox?to={email}")[1]["messages"][0]
    assert sent["source"] == "AccountTakeOverNotification"
    [not_me] = re.findall(r"http\S+value=Invalid", sent["text"])
    with urllib.request.urlopen(not_me) as page:
        assert "not yours" in page.read().decode()
    events = users.admin_list_user_auth_events(UserPoolId=pool, Username=email)["AuthEvents"]
    blocked = next(one for one in events if one["EventRisk"]["RiskDecision"] == "Block")
    assert (blocked["EventRisk"]["RiskLevel"], blocked["EventFeedback"]["FeedbackValue"]) == ("High", "Invalid")


def test_what_makes_no_sense_is_refused(risky: LocalCloud) -> None:
    for asked in ({}, {"level": "High"}, {"username": "ada", "level": "Severe"}, {"address": "here", "level": "Low"}):
        assert risky.post("risks", asked)[0] == 400
    assert risky.get("risks")[1] == {"risks": []}
