"""Routes of an HTTP API that ask for IAM: users and guests call them with their own keys (rule 70)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import urllib3
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.journeys.functions import ACCOUNT, Function
from tests.journeys.identity_pools import IdentityPool, provider_of
from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud

TELL = "def handler(event, context):\n    return {'caller': event['requestContext']['authorizer']['iam']}\n"
FORBIDDEN = (403, {"message": "Forbidden"})
INVOKE = "execute-api:Invoke"


@dataclass(frozen=True, slots=True)
class Api:
    """An API whose routes all ask for IAM, before an identity pool."""

    cloud: LocalCloud
    id: str
    pool: IdentityPool

    def arn(self, route: str) -> str:
        return f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{self.id}/$default/{route}"

    def send(
        self, path: str, keys: Credentials | None, method: str = "GET", signer: Any = SigV4Auth, **options: Any
    ) -> tuple[int, Any]:
        """The answer to a request that `keys` sign."""
        service, region = options.get("service", "execute-api"), options.get("region", "us-east-1")
        request = AWSRequest(method, f"{self.cloud.endpoint}/_aws/execute-api/{self.id}{path}", data=b"")
        if keys is not None:
            signer(keys, service, region).add_auth(request)
        return self.answer(method, str(request.prepare().url), dict(request.headers.items()))[:2]

    def answer(self, method: str, url: str, headers: Mapping[str, str]) -> tuple[int, Any, Mapping[str, str]]:
        with urllib3.PoolManager() as pool:
            got = pool.request(method, url, headers=headers, retries=False)
            return got.status, json.loads(got.data), got.headers


def keys_of(credentials: Mapping[str, Any]) -> Credentials:
    return Credentials(credentials["AccessKeyId"], credentials["SecretKey"], credentials["SessionToken"])


ROOT = Credentials("test", "test")


@pytest.fixture(scope="module")
def api(cloud: LocalCloud) -> Api:
    gateway, function = root_client(cloud, "apigatewayv2"), Function.make(cloud, TELL)
    api_id = gateway.create_api(Name="signed", ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=function.arn, PayloadFormatVersion="2.0"
    )
    target = f"integrations/{integration['IntegrationId']}"
    for route in ("GET /notes/{who}", "PUT /notes/{who}", "GET /"):
        gateway.create_route(ApiId=api_id, RouteKey=route, AuthorizationType="AWS_IAM", Target=target)
    gateway.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    root_client(cloud, "lambda").add_permission(
        FunctionName=function.name,
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api_id}/*",
    )
    made = Api(cloud, api_id, IdentityPool.make(cloud))
    allowed = [{"Effect": "Allow", "Action": INVOKE, "Resource": made.arn("GET/notes/${SUB}").replace("SUB", SUB)}]
    everyone = [{"Effect": "Allow", "Action": INVOKE, "Resource": made.arn("GET/")}]
    roles = {
        "authenticated": made.pool.role(allowed),
        "unauthenticated": made.pool.role(everyone, amr="unauthenticated"),
    }
    made.pool.root.set_identity_pool_roles(IdentityPoolId=made.pool.id, Roles=roles)
    return made


SUB = "cognito-identity.amazonaws.com:sub"


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone with an identity and keys."""

    identity_id: str
    keys: Credentials


@pytest.fixture(scope="module")
def user(api: Api) -> Caller:
    person = api.pool.users.confirmed_person(f"user-{uuid.uuid4().hex[:8]}@api.example.com")
    logins = api.pool.logins(person)
    identity_id = api.pool.get_id(logins)
    return Caller(identity_id, keys_of(api.pool.credentials(identity_id, logins)))


@pytest.fixture(scope="module")
def guest(api: Api) -> Caller:
    identity_id = api.pool.get_id()
    return Caller(identity_id, keys_of(api.pool.credentials(identity_id)))


@pytest.mark.parametrize("signer", [SigV4Auth, SigV4QueryAuth])
def test_a_user_calls_a_route_of_their_own_and_the_function_knows_them(api: Api, user: Caller, signer: Any) -> None:
    status, body = api.send(f"/notes/{user.identity_id}", user.keys, signer=signer)
    assert status == 200, body
    told = body["caller"]
    assert told["accessKey"] == user.keys.access_key
    assert (told["accountId"], told["principalOrgId"]) == (ACCOUNT, None)
    assert told["userArn"].startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/")
    assert told["callerId"] == told["userId"]
    assert told["userId"].endswith(":CognitoIdentityCredentials")
    identity = told["cognitoIdentity"]
    assert (identity["identityId"], identity["identityPoolId"]) == (user.identity_id, api.pool.id)
    assert {"authenticated", provider_of(api.pool.users)} <= set(identity["amr"])


def test_the_stage_may_be_named(api: Api, user: Caller) -> None:
    assert api.send(f"/$default/notes/{user.identity_id}", user.keys)[0] == 200


def test_a_guest_calls_what_guests_may(api: Api, guest: Caller) -> None:
    status, body = api.send("/", guest.keys)
    assert (status, body["caller"]["cognitoIdentity"]["amr"]) == (200, ["unauthenticated"])
    assert api.send(f"/notes/{guest.identity_id}", guest.keys) == FORBIDDEN


def test_callers_from_elsewhere_have_no_identity(api: Api) -> None:
    status, body = api.send("/", ROOT)
    assert (status, body["caller"]["cognitoIdentity"]) == (200, None)
    assert body["caller"]["userArn"] == f"arn:aws:iam::{ACCOUNT}:root"


def test_attack_another_users_route_and_another_method(api: Api, user: Caller, guest: Caller) -> None:
    for method, path in (("GET", f"/notes/{guest.identity_id}"), ("PUT", f"/notes/{user.identity_id}"), ("GET", "/")):
        assert api.send(path, user.keys, method) == FORBIDDEN
    for path in (f"//notes/{user.identity_id}", f"/notes/{user.identity_id}/../{guest.identity_id}"):
        assert api.send(path, user.keys) == FORBIDDEN


def test_attack_a_request_that_nobody_signed_or_not_for_this(api: Api, user: Caller) -> None:
    path = f"/notes/{user.identity_id}"
    assert api.send(path, None) == FORBIDDEN
    assert api.send(path, Credentials(user.keys.access_key, "wrong", user.keys.token)) == FORBIDDEN
    assert api.send(path, Credentials(user.keys.access_key, user.keys.secret_key)) == FORBIDDEN
    assert api.send(path, Credentials("AKIAUNKNOWN", "secret")) == FORBIDDEN
    assert api.send(path, user.keys, service="s3") == FORBIDDEN
    assert api.send(path, user.keys, region="eu-west-1") == FORBIDDEN
    headers = {"authorization": f"AWS4-HMAC-SHA256 Credential={user.keys.access_key}/x"}
    url = f"{api.cloud.endpoint}/_aws/execute-api/{api.id}{path}"
    assert api.answer("GET", url, headers)[:2] == FORBIDDEN


def test_attack_the_roots_keys_in_a_web_page(api: Api) -> None:
    request = AWSRequest("GET", f"{api.cloud.endpoint}/_aws/execute-api/{api.id}/", data=b"")
    SigV4Auth(ROOT, "execute-api", "us-east-1").add_auth(request)
    headers = {**dict(request.headers.items()), "origin": "https://evil.example"}
    assert api.answer("GET", str(request.prepare().url), headers)[:2] == FORBIDDEN


def test_a_refusal_can_be_explained(api: Api, user: Caller) -> None:
    request = AWSRequest("GET", f"{api.cloud.endpoint}/_aws/execute-api/{api.id}/", data=b"")
    SigV4Auth(user.keys, "execute-api", "us-east-1").add_auth(request)
    _, _, headers = api.answer("GET", str(request.prepare().url), dict(request.headers.items()))
    status, explained = api.cloud.get(f"explain?request={headers['apigw-requestid']}")
    assert status == 200
    assert INVOKE in json.dumps(explained)
