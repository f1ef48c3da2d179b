"""Users and roles of a local cloud, made through IAM's own API, and clients with their keys."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.journeys.people import client, root_client
from tests.local_cloud import LocalCloud

ACCOUNT = "000000000000"
READ_ALL = {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "dynamodb:ListTables"], "Resource": "*"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with keys."""

    cloud: LocalCloud
    arn: str
    keys: Mapping[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client that signs with these keys."""
        return client(self.cloud, service, self.keys, parameter_validation=False)

    def assume(self, role: str, **more: Any) -> Actor:
        """Whom this one becomes by taking the role."""
        answer = self.client("sts").assume_role(**{"RoleArn": role, "RoleSessionName": "session", **more})
        return acting(self.cloud, answer)


def acting(cloud: LocalCloud, answer: Mapping[str, Any]) -> Actor:
    """Whoever has the credentials of an answer of STS."""
    return Actor(cloud, answer["AssumedRoleUser"]["Arn"], answer["Credentials"])


def user(cloud: LocalCloud, *statements: Mapping[str, Any]) -> Actor:
    """A new user, who may do what the statements say."""
    iam, name = root_client(cloud, "iam"), unique()
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy(*statements))
    return Actor(cloud, arn, iam.create_access_key(UserName=name)["AccessKey"])


def role(
    cloud: LocalCloud, *trust: Mapping[str, Any], may: Sequence[Mapping[str, Any]] = (READ_ALL,), **settings: Any
) -> str:
    """The ARN of a new role that trusts by these statements, and may do what the others say."""
    iam, name = root_client(cloud, "iam"), settings.pop("RoleName", "") or unique()
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(*trust), **settings)["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(*may))
    return str(made["Arn"])


def trusts(principal: Any, *more: str, **conditions: Any) -> dict[str, Any]:
    """A statement that lets a principal assume a role, and do `more` with it, under the conditions."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", *more]}
    return statement | ({"Condition": conditions} if conditions else {})


def may_assume(resource: str = "*", *more: str) -> dict[str, Any]:
    """A statement by which somebody may assume roles, and do `more` with them."""
    return {"Effect": "Allow", "Action": ["sts:AssumeRole", *more], "Resource": resource}


def policy(*statements: Mapping[str, Any]) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def unique() -> str:
    """A name that no other test uses."""
    return f"sts-{uuid.uuid4().hex[:12]}"
