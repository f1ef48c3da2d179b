"""What enforcing costs: the same signed call of one identity with IAM on and off, and among many roles and sessions."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from localcloud.access.credentials import RoleSession
from localcloud.server import kinds
from localcloud.store import Store
from tests.bench.servers import Server

_CALLS = 300
_RESOURCES = 500  # of one stack at most. Source: CloudFormation quotas


@dataclass(slots=True)
class Guest:
    """A guest of a server's stack, whose app makes its calls with boto3."""

    identity: str
    bucket: str
    table: str
    s3: Any
    dynamodb: Any

    @classmethod
    def new(cls, server: Server, outputs: dict[str, str]) -> Guest:
        """A new guest identity."""
        where: Any = {"endpoint_url": server.endpoint, "region_name": "us-east-1"}
        root: Any = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        pools = boto3.client("cognito-identity", **where, **root)
        identity = pools.get_id(IdentityPoolId=outputs["IdentityPoolId"])["IdentityId"]
        keys = pools.get_credentials_for_identity(IdentityId=identity)["Credentials"]
        session = boto3.Session(keys["AccessKeyId"], keys["SecretKey"], keys["SessionToken"])
        return cls(
            identity,
            outputs["UserDataBucket"],
            outputs["UserDataTable"],
            session.client("s3", **where),
            session.client("dynamodb", **where),
        )

    def put_object(self) -> None:
        """PutObject of 1 KB under the guest's own prefix."""
        self.s3.put_object(Bucket=self.bucket, Key=f"private/{self.identity}/bench", Body=b"x" * 1024)

    def get_item(self) -> None:
        """GetItem in the guest's own partition."""
        self.dynamodb.get_item(TableName=self.table, Key={"pk": {"S": self.identity}, "sk": {"S": "bench"}})


def milliseconds(guest: Guest, call: Callable[[Guest], None]) -> float:
    """Milliseconds of one call, the mean of many."""
    for _ in range(20):
        call(guest)
    began = time.perf_counter()
    for _ in range(_CALLS):
        call(guest)
    return (time.perf_counter() - began) * 1000 / _CALLS


def crowd(folder: Path, sessions: int) -> Path:
    """A data folder that holds so many live sessions, of roles that are nobody's, before its server starts."""
    folder.mkdir(parents=True)
    store = Store(folder, kinds())
    now = int(time.time())
    with store.transaction():
        for number in range(sessions):
            store.insert(
                RoleSession(
                    expires=now + 3600,
                    access_key=f"ASIABENCH{number:08}",
                    secret_key="secret",
                    session_token="token",
                    role_arn=f"arn:aws:iam::000000000000:role/crowd-{number % 10_000}",
                    role_id=f"AROABENCH{number:08}",
                    session_name="crowd",
                    context={"aws:userid": f"AROABENCH{number:08}:crowd"},
                    session_policies=[],
                )
            )
    store.close()
    return folder


def add_roles(server: Server, roles: int) -> None:
    """Make so many roles on a running server: by stacks, since the engine's state is kept once after each deploy."""
    cloudformation = boto3.client(
        "cloudformation",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
    }
    for first in range(0, roles, _RESOURCES):
        resources = {f"Role{number}": role for number in range(first, min(first + _RESOURCES, roles))}
        name = f"crowd-{first}"
        cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
        )
