"""What enforcing costs: the same signed call of one identity with IAM on and off, and among many roles and sessions."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from localcloud.credentials import RoleSession
from localcloud.server import kinds
from localcloud.store import Store
from tests.bench.servers import Server

_CALLS = 300


@dataclass(slots=True)
class Guest:
    """A guest of a server's stack on one keep-alive connection: it signs each call as every SDK does."""

    port: int
    credentials: Credentials
    identity: str
    bucket: str
    table: str
    connection: http.client.HTTPConnection

    @classmethod
    def new(cls, server: Server, outputs: dict[str, str]) -> Guest:
        """A new guest identity."""
        pools = boto3.client(
            "cognito-identity",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        identity = pools.get_id(IdentityPoolId=outputs["IdentityPoolId"])["IdentityId"]
        keys = pools.get_credentials_for_identity(IdentityId=identity)["Credentials"]
        credentials = Credentials(keys["AccessKeyId"], keys["SecretKey"], keys["SessionToken"])
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        return cls(server.port, credentials, identity, outputs["UserDataBucket"], outputs["UserDataTable"], connection)

    def put_object(self) -> None:
        """PutObject of 1 KB under the guest's own prefix."""
        path = f"/{self.bucket}/{quote(f'private/{self.identity}/bench')}"
        self._call(S3SigV4Auth(self.credentials, "s3", "us-east-1"), "PUT", path, {}, b"x" * 1024)

    def get_item(self) -> None:
        """GetItem in the guest's own partition."""
        key = {"pk": {"S": self.identity}, "sk": {"S": "bench"}}
        headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.GetItem"}
        body = json.dumps({"TableName": self.table, "Key": key}).encode()
        self._call(SigV4Auth(self.credentials, "dynamodb", "us-east-1"), "POST", "/", headers, body)

    def _call(self, signer: Any, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        request = AWSRequest(method, f"http://127.0.0.1:{self.port}{path}", headers, body)
        signer.add_auth(request)
        self.connection.request(method, path, body, dict(request.headers.items()))
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status} {answer[:300]!r}")


def milliseconds(guest: Guest, call: Callable[[Guest], None]) -> float:
    """Milliseconds of one call, the mean of many."""
    guest.connection.close()  # idle for too long, while another one was measured
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
                    issued=now,
                    context={"aws:userid": f"AROABENCH{number:08}:crowd"},
                    session_policies=[],
                )
            )
    store.close()
    return folder


def add_roles(server: Server, roles: int) -> None:
    """Make so many roles on a running server."""
    iam = boto3.client(
        "iam",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
    for number in range(roles):
        iam.create_role(RoleName=f"crowd-{number}", AssumeRolePolicyDocument=trust)
