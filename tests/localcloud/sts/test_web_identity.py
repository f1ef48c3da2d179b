"""AssumeRoleWithWebIdentity over a socket, with a provider of its own: nobody signs, and only the role decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError

from tests.journeys.people import root_client, unsigned_client
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.federation.stand_in import OTHER_RSA, StandIn, sign
from tests.localcloud.sts.actors import acting, policy, role
from tests.robustness.wire import Keys, request, signed

APP, OTHER_APP = "app-1", "app-2"
FORM = {"content-type": "application/x-www-form-urlencoded"}
TAGS = "https://aws.amazon.com/tags"


class Provider:
    """A provider that is registered for two apps, and roles that trust it for the first."""

    def __init__(self, cloud: LocalCloud, stand_in: StandIn) -> None:
        self.cloud, self.url, self.host = cloud, stand_in.url, stand_in.host
        self.arn = root_client(cloud, "iam").create_open_id_connect_provider(
            Url=self.url, ClientIDList=[APP, OTHER_APP], ThumbprintList=["0" * 40]
        )["OpenIDConnectProviderArn"]

    def token(self, **changes: Any) -> dict[str, Any]:
        now = int(self.cloud.now())
        return {"iss": self.url, "sub": "user-ada", "aud": APP, "iat": now, "exp": now + 600, **changes}

    def role(self, *more: str, **conditions: Any) -> str:
        conditions = conditions or {"StringEquals": {f"{self.host}:aud": APP}}
        actions = ["sts:AssumeRoleWithWebIdentity", *more]
        trust = {"Effect": "Allow", "Principal": {"Federated": self.arn}, "Action": actions, "Condition": conditions}
        return role(self.cloud, trust)

    def assume(self, role_arn: str, token: str, **more: Any) -> Any:
        sts = unsigned_client(self.cloud, "sts")
        return sts.assume_role_with_web_identity(
            RoleArn=role_arn, RoleSessionName="app", WebIdentityToken=token, **more
        )


@pytest.fixture(scope="module")
def provider(cloud: LocalCloud) -> Iterator[Provider]:
    with StandIn() as stand_in:
        found = Provider(cloud, stand_in)
        yield found
        root_client(cloud, "iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=found.arn)


def test_a_user_of_a_trusted_provider_gets_a_session(provider: Provider) -> None:
    answer = provider.assume(provider.role(), sign(provider.token()))
    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"]) == ("user-ada", APP)
    assert answer["Provider"] == provider.url
    session = acting(provider.cloud, answer)
    assert session.client("sts").get_caller_identity()["Arn"] == session.arn
    assert session.client("s3").list_buckets()["Buckets"]


def test_the_session_keeps_who_it_is(provider: Provider) -> None:
    """Rule 53."""
    keys = {f"{provider.host}:sub": "user-ada", "aws:FederatedProvider": provider.arn}
    may = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*", "Condition": {"StringEquals": keys}}
    trust = {"Effect": "Allow", "Principal": {"Federated": provider.arn}, "Action": "sts:AssumeRoleWithWebIdentity"}
    arn = role(provider.cloud, trust, may=[may])
    assert acting(provider.cloud, provider.assume(arn, sign(provider.token()))).client("s3").list_buckets()
    other = acting(provider.cloud, provider.assume(arn, sign(provider.token(sub="user-bob"))))
    assert refusal(other.client("s3").list_buckets).code == "AccessDenied"


@pytest.mark.parametrize("changes", [{"aud": OTHER_APP}, {"sub": "user-bob"}])
def test_attack_a_token_for_another_app_or_of_another_user(provider: Provider, changes: dict[str, str]) -> None:
    """Rule 51. Attack: a good token that another app of the same provider was given."""
    equals = {f"{provider.host}:aud": APP, f"{provider.host}:sub": "user-ada"}
    arn = provider.role(StringEquals=equals)
    assert provider.assume(arn, sign(provider.token()))
    refused = refusal(provider.assume, role_arn=arn, token=sign(provider.token(**changes)))
    assert refused == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def test_attack_a_role_that_trusts_somebody_else_or_is_not_there(provider: Provider) -> None:
    arn = provider.role()
    strangers = {"AWS": "000000000000"}, {"Federated": "www.amazon.com"}, {"Service": "lambda.amazonaws.com"}
    roles = [
        role(provider.cloud, {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRoleWithWebIdentity"})
        for principal in strangers
    ]
    for wrong in (*roles, arn + "x", arn.replace("000000000000", "111111111111")):
        refused = refusal(provider.assume, role_arn=wrong, token=sign(provider.token()))
        assert refused == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def test_attack_a_token_that_is_none(provider: Provider) -> None:
    arn, now = provider.role(), int(provider.cloud.now())
    cases = {
        "ExpiredTokenException": sign(provider.token(iat=now - 7200, exp=now - 3600)),
        "InvalidIdentityToken": sign(provider.token(), OTHER_RSA),
    }
    for code, token in cases.items():
        assert refusal(provider.assume, role_arn=arn, token=token).code == code
    for token in (sign(provider.token(aud="app-3")), sign(provider.token(iss="https://login.example")), "no token"):
        assert refusal(provider.assume, role_arn=arn, token=token).code == "InvalidIdentityToken"


def test_tags_of_a_token_need_leave_to_tag(provider: Provider) -> None:
    """Rule 49."""
    tags = {TAGS: {"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]}}
    token = sign(provider.token(**tags))
    refused = refusal(provider.assume, role_arn=provider.role(), token=token)
    assert refused == ("AccessDenied", "Not authorized to perform sts:TagSession")
    answer = provider.assume(provider.role("sts:TagSession"), token)
    assert 0 < answer["PackedPolicySize"] <= 100


def test_a_session_can_be_narrowed_and_shortened(provider: Provider) -> None:
    arn = provider.role()
    tables = policy({"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"})
    answer = provider.assume(arn, sign(provider.token()), Policy=tables, DurationSeconds=900)
    assert answer["Credentials"]["Expiration"].timestamp() - provider.cloud.now() < 901
    session = acting(provider.cloud, answer)
    assert session.client("dynamodb").list_tables()["TableNames"]
    assert refusal(session.client("s3").list_buckets).code == "AccessDenied"
    refused = refusal(provider.assume, role_arn=arn, token=sign(provider.token()), DurationSeconds=7200)
    assert (refused.code, "MaxSessionDuration" in refused.message) == ("ValidationError", True)


def test_a_refusal_can_be_explained(provider: Provider) -> None:
    with pytest.raises(ClientError) as raised:
        provider.assume(provider.role(), sign(provider.token(aud=OTHER_APP)))
    request_id = raised.value.response["ResponseMetadata"]["RequestId"]
    status, found = provider.cloud.get(f"explain?request={request_id}")
    assert status == 200
    assert f"{provider.host}:aud" in json.dumps(found)


@pytest.mark.parametrize("keys", [Keys("test", "wrong"), Keys("AKIANOSUCHKEY0000000", "none")])
def test_a_signature_is_ignored(provider: Provider, keys: Keys) -> None:
    """The operation is not signed: wrong keys do no harm, and right ones no good."""
    fields = {"Action": "AssumeRoleWithWebIdentity", "RoleSessionName": "app", "RoleArn": provider.role()}
    for token, status in ((sign(provider.token()), 200), (sign(provider.token(aud=OTHER_APP)), 403)):
        answer = signed(
            provider.cloud.port, "sts", urlencode({**fields, "WebIdentityToken": token}).encode(), FORM, keys=keys
        )
        assert answer.status == status, answer.body


def test_a_web_page_may_ask(provider: Provider) -> None:
    fields = {"Action": "AssumeRoleWithWebIdentity", "RoleSessionName": "app", "RoleArn": provider.role()}
    body = urlencode({**fields, "WebIdentityToken": sign(provider.token())}).encode()
    answer = request(provider.cloud.port, body, {**FORM, "origin": "https://app.example.com"})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
