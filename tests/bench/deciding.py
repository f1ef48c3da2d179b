"""Decisions a second, against the check of moto, which looks at actions and resources and at no condition."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from moto.iam.access_control import IAMPolicy

from localcloud.iam import Policies, Principal, Request, compile_policy, decide
from tests.bench.servers import Server

IDENTITY = "us-east-1:11111111-2222-4333-8444-555555555555"
OTHER = "us-east-1:99999999-2222-4333-8444-555555555555"
_ROUND = 20_000
_SESSION = Principal("AWS", "arn:aws:sts::000000000000:assumed-role/users/CognitoIdentityCredentials")
_PROVIDER = "cognito-identity.amazonaws.com"


def user_policies(server: Server) -> list[dict[str, Any]]:
    """The policies of the stack's role for signed-in users, as they were deployed."""
    keys: Any = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    pools = boto3.client("cognito-identity", endpoint_url=server.endpoint, **keys)
    iam = boto3.client("iam", endpoint_url=server.endpoint, **keys)
    pool = pools.list_identity_pools(MaxResults=1)["IdentityPools"][0]["IdentityPoolId"]
    name = pools.get_identity_pool_roles(IdentityPoolId=pool)["Roles"]["authenticated"].rpartition("/")[2]
    documents: list[Any] = [
        iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        documents.append(iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])
    return documents


def rates(documents: list[dict[str, Any]], bucket: str, table: str) -> tuple[Callable[[], float], Callable[[], float]]:
    """Ways to measure our rate and moto's, on the same S3 and DynamoDB requests in turn: own and foreign ones."""
    requests = _requests(bucket, table)
    policies = Policies([compile_policy(document, str(number)) for number, document in enumerate(documents)])
    allowed = [decide(request, policies).allowed for request in requests]
    if allowed != [True, True, False, False]:
        raise RuntimeError(f"the policy does not decide as it should: {allowed}")
    peer = [IAMPolicy(json.dumps(document)) for document in documents]

    def by_peer(request: Request) -> None:
        for policy in peer:
            policy.is_action_permitted(request.action, request.resource)

    return (
        lambda: _rate(lambda request: decide(request, policies), itertools.cycle(requests)),
        lambda: _rate(by_peer, itertools.cycle(requests)),
    )


def _rate(work: Callable[[Request], Any], requests: Iterator[Request]) -> float:
    for _ in range(200):
        work(next(requests))
    began = time.perf_counter()
    for _ in range(_ROUND):
        work(next(requests))
    return _ROUND / (time.perf_counter() - began)


def _requests(bucket: str, table: str) -> list[Request]:
    table_arn = f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}"
    return [
        _asked("s3:PutObject", f"arn:aws:s3:::{bucket}/private/{IDENTITY}/photos/1.jpg"),
        _asked("dynamodb:GetItem", table_arn, **{"dynamodb:LeadingKeys": [IDENTITY]}),
        _asked("s3:PutObject", f"arn:aws:s3:::{bucket}/private/{OTHER}/photos/1.jpg"),
        _asked("dynamodb:GetItem", table_arn, **{"dynamodb:LeadingKeys": [OTHER]}),
    ]


def _asked(action: str, resource: str, **keys: Any) -> Request:
    """A request with the context keys that each call of an identity has."""
    context = {
        f"{_PROVIDER}:sub": IDENTITY,
        f"{_PROVIDER}:aud": "us-east-1:00000000-2222-4333-8444-555555555555",
        f"{_PROVIDER}:amr": ["authenticated"],
        "aws:SourceIp": "127.0.0.1",
        "aws:SecureTransport": "true",
        "aws:CurrentTime": "2026-11-22T00:00:00Z",
        "aws:EpochTime": "1795305600",
        "aws:RequestedRegion": "us-east-1",
        "aws:UserAgent": "bench",
        "aws:PrincipalArn": "arn:aws:iam::000000000000:role/users",
        "aws:PrincipalAccount": "000000000000",
        "aws:PrincipalType": "AssumedRole",
        "aws:TokenIssueTime": "2026-11-22T00:00:00Z",
        "aws:userid": "AROAEXAMPLE:CognitoIdentityCredentials",
        "aws:FederatedProvider": _PROVIDER,
    }
    return Request(_SESSION, action, resource, context=context | keys)
