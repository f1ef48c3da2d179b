"""A pool is administered with boto3: secrets, terms, threat protection and its history, logs, limits, replicas."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

import pytest

from tests.journeys.people import PASSWORD, root_client, unsigned_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud, wait_until

ADA = "ada@example.com"
LINK = {"TermsSource": "LINK", "Enforcement": "NONE"}
PLUS = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}


@pytest.fixture
def pool(cloud: LocalCloud) -> Pool:
    return Pool.make(cloud)


@pytest.fixture
def idp(cloud: LocalCloud) -> Any:
    return root_client(cloud, "cognito-idp")


def secret_hash(name: str, client_id: str, secret: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), (name + client_id).encode(), hashlib.sha256)).decode()


def sign_in(app: Any, client_id: str, secret: str = "", password: str = PASSWORD) -> Any:
    parameters = {"USERNAME": ADA, "PASSWORD": password}
    if secret:
        parameters["SECRET_HASH"] = secret_hash(ADA, client_id, secret)
    return app.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def test_a_client_secret_is_rotated_without_a_gap(cloud: LocalCloud, pool: Pool, idp: Any) -> None:
    pool.confirmed_person(ADA)
    client_id, app = add_client(cloud, pool.id, GenerateSecret=True), unsigned_client(cloud, "cognito-idp")
    named = {"UserPoolId": pool.id, "ClientId": client_id}
    first = idp.describe_user_pool_client(**named)["UserPoolClient"]["ClientSecret"]
    second = idp.add_user_pool_client_secret(**named)["ClientSecretDescriptor"]["ClientSecretValue"]
    for secret in (first, second):
        assert "AccessToken" in sign_in(app, client_id, secret)["AuthenticationResult"]
    assert code_of(idp.add_user_pool_client_secret, **named) == "LimitExceededException"
    oldest = idp.list_user_pool_client_secrets(**named)["ClientSecrets"][0]["ClientSecretId"]
    idp.delete_user_pool_client_secret(**named, ClientSecretId=oldest)
    refused = refusal(sign_in, app=app, client_id=client_id, secret=first)
    assert refused == ("NotAuthorizedException", f"Unable to verify secret hash for client {client_id}")
    assert "AccessToken" in sign_in(app, client_id, second)["AuthenticationResult"]


def test_a_machine_gets_a_token_without_a_signature(cloud: LocalCloud, pool: Pool, idp: Any) -> None:
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read"}]
    idp.create_resource_server(UserPoolId=pool.id, Identifier="orders", Name="orders", Scopes=scopes)
    made = idp.create_user_pool_client(
        UserPoolId=pool.id,
        ClientName="machine",
        GenerateSecret=True,
        AllowedOAuthScopes=["orders/read"],
        ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"],
    )["UserPoolClient"]
    machine = unsigned_client(cloud, "cognito-idp")
    result = machine.get_client_token(ClientId=made["ClientId"], Secret=made["ClientSecret"])
    assert result["ClientAuthenticationResult"]["TokenType"] == "Bearer"
    wrong = {"ClientId": made["ClientId"], "Secret": "x" * 52}
    assert code_of(machine.get_client_token, **wrong) == "NotAuthorizedException"


def test_terms_are_kept_by_client(pool: Pool, idp: Any) -> None:
    named = {"UserPoolId": pool.id, "ClientId": pool.client_id, "TermsName": "terms-of-use"}
    made = idp.create_terms(**named, **LINK, Links={"cognito:default": "https://example.com/terms"})["Terms"]
    assert idp.describe_terms_by_client(**named)["Terms"] == made
    by_id = {"UserPoolId": pool.id, "TermsId": made["TermsId"]}
    idp.update_terms(**by_id, Links={"cognito:japanese": "https://example.com/ja"})
    assert idp.describe_terms(**by_id)["Terms"]["Links"] == {"cognito:japanese": "https://example.com/ja"}
    assert [one["TermsId"] for one in idp.list_terms(UserPoolId=pool.id)["Terms"]] == [made["TermsId"]]
    idp.delete_terms(**by_id)
    assert code_of(idp.describe_terms, **by_id) == "ResourceNotFoundException"


def test_the_history_of_a_user_is_kept_and_delivered(cloud: LocalCloud, idp: Any) -> None:
    pool, name = Pool.make(cloud, **PLUS), f"people-{uuid.uuid4().hex[:8]}"
    s3, logs = root_client(cloud, "s3"), root_client(cloud, "logs")
    s3.create_bucket(Bucket=name)
    delivery = {"LogLevel": "INFO", "EventSource": "userAuthEvents"}
    app = unsigned_client(cloud, "cognito-idp")
    pool.confirmed_person(ADA)
    for place in (
        {"CloudWatchLogsConfiguration": {"LogGroupArn": f"arn:aws:logs:us-east-1:000000000000:log-group:{name}"}},
        {"S3Configuration": {"BucketArn": f"arn:aws:s3:::{name}"}},
    ):
        idp.set_log_delivery_configuration(UserPoolId=pool.id, LogConfigurations=[{**delivery, **place}])
        sign_in(app, pool.client_id)
    assert code_of(sign_in, app=app, client_id=pool.client_id, password="wrong") == "NotAuthorizedException"

    named = {"UserPoolId": pool.id, "Username": ADA}
    failed, passed, *_ = idp.admin_list_user_auth_events(**named)["AuthEvents"]
    assert [(one["EventType"], one["EventResponse"]) for one in (failed, passed)] == [
        ("SignIn", "Fail"),
        ("SignIn", "Pass"),
    ]
    idp.admin_update_auth_event_feedback(**named, EventId=failed["EventId"], FeedbackValue="Invalid")
    shown = idp.admin_list_user_auth_events(**named, MaxResults=1)["AuthEvents"][0]
    assert shown["EventFeedback"]["Provider"] == "Admin"

    def lines() -> list[Any]:
        return list(logs.filter_log_events(logGroupName=name)["events"])

    wait_until(lambda: len(lines()) == 2)
    assert json.loads(lines()[-1]["message"])["message"]["eventResponse"] == "Pass"
    records = [
        json.load(s3.get_object(Bucket=name, Key=entry["Key"])["Body"])
        for entry in s3.list_objects_v2(Bucket=name)["Contents"]
    ]
    assert sorted(record["message"]["eventResponse"] for record in records) == ["Fail", "InProgress", "Pass"]


def test_an_address_is_blocked_by_a_pool_that_enforces_nothing_else(cloud: LocalCloud, idp: Any) -> None:
    pool = Pool.make(cloud, **PLUS)
    pool.confirmed_person(ADA)
    level = {"Notify": False, "EventAction": "NO_ACTION"}
    idp.set_risk_configuration(
        UserPoolId=pool.id,
        CompromisedCredentialsRiskConfiguration={"Actions": {"EventAction": "NO_ACTION"}},
        AccountTakeoverRiskConfiguration={"Actions": {"HighAction": level}},
        RiskExceptionConfiguration={"BlockedIPRangeList": ["127.0.0.0/8"]},
    )
    app = unsigned_client(cloud, "cognito-idp")
    sign_in(app, pool.client_id)
    idp.update_user_pool(UserPoolId=pool.id, UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"})
    refused = refusal(sign_in, app=app, client_id=pool.client_id)
    assert refused == ("NotAuthorizedException", "Unable to login because of security reasons.")
    kept = idp.describe_risk_configuration(UserPoolId=pool.id)["RiskConfiguration"]
    assert kept["RiskExceptionConfiguration"]["BlockedIPRangeList"] == ["127.0.0.0/8"]


def test_limits_and_replicas_are_kept(pool: Pool, idp: Any) -> None:
    limit = {"LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserFederation"}}}
    raised = idp.update_provisioned_limit(**limit, RequestedLimitValue=30)["Limit"]
    assert (raised["ProvisionedLimitValue"], raised["FreeLimitValue"]) == (30, 25)
    idp.update_provisioned_limit(**limit, RequestedLimitValue=25)
    assert idp.get_provisioned_limit(**limit)["Limit"]["ProvisionedLimitValue"] == 25

    named = {"UserPoolId": pool.id, "RegionName": "eu-west-1"}
    assert idp.create_user_pool_replica(**named)["UserPoolReplica"]["Status"] == "CREATING"
    idp.update_user_pool_replica(**named, Status="ACTIVE")
    shown = idp.list_user_pool_replicas(UserPoolId=pool.id)["UserPoolReplicas"]
    assert [(one["RegionName"], one["Role"], one["Status"]) for one in shown] == [
        ("us-east-1", "PRIMARY", "ACTIVE"),
        ("eu-west-1", "SECONDARY", "ACTIVE"),
    ]
    idp.update_user_pool_replica(**named, Status="INACTIVE")
    assert idp.delete_user_pool_replica(**named)["UserPoolReplica"]["Status"] == "DELETING"
