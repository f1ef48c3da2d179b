"""Imports of users over the socket: a file that is made while it is sent, and a job that is watched to its end."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3

from tests.bench.client import RawClient
from tests.bench.servers import Server

_KMS = {"x-amz-server-side-encryption": "aws:kms"}
_TRUST = {"Effect": "Allow", "Principal": {"Service": "cognito-idp.amazonaws.com"}, "Action": "sts:AssumeRole"}
_LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
_WATCH_SECONDS = 0.2
_LINES = 5_000
_SCATTER = 611_953
"""Prime to every count of users that is a power of ten."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import went: its seconds without the upload, and how often its progress was seen to grow."""

    seconds: float
    steps: int


def name(number: int, count: int) -> str:
    """The name of the user in that row, of so many: in no order, as real names are, so that no index is spared."""
    return f"user{number * _SCATTER % count:07}"


def email(number: int, count: int) -> str:
    """The address of the user in that row."""
    return f"{name(number, count)}@example.com"


def run(server: Server, pool: str, count: int, meanwhile: Callable[[], None]) -> Imported:
    """Import so many users; `meanwhile` is called again and again. Raises RuntimeError where not all are there."""
    raw = RawClient(server.port)
    role = _role(server)
    made = raw.call("CreateUserImportJob", signed=True, UserPoolId=pool, JobName="bench", CloudWatchLogsRoleArn=role)[
        "UserImportJob"
    ]
    header: list[str] = raw.call("GetCSVHeader", signed=True, UserPoolId=pool)["CSVHeader"]
    _upload(made["PreSignedUrl"], header, count)
    asked = {"UserPoolId": pool, "JobId": made["JobId"]}
    began, steps, seen = time.perf_counter(), 0, 0
    raw.call("StartUserImportJob", signed=True, **asked)
    while True:
        job = raw.call("DescribeUserImportJob", signed=True, **asked)["UserImportJob"]
        steps, seen = steps + (job["ImportedUsers"] > seen), job["ImportedUsers"]
        if job["Status"] not in ("Pending", "InProgress"):
            break
        until = time.perf_counter() + _WATCH_SECONDS
        while time.perf_counter() < until:
            meanwhile()
    if (job["Status"], seen) != ("Succeeded", count):
        raise RuntimeError(f"the import: {job}")
    return Imported(time.perf_counter() - began, steps)


def _upload(url: str, header: list[str], count: int) -> None:
    """Send the file in parts, none of which is kept."""
    parts = urlsplit(url)
    first = f"{','.join(header)}\n".encode()
    size = len(first) + count * len(_line(header, 0, count))
    connection = http.client.HTTPConnection(parts.netloc, timeout=600)
    body = (part for parts in ([first], _lines(header, count)) for part in parts)
    connection.request("PUT", f"{parts.path}?{parts.query}", body, {**_KMS, "content-length": str(size)})
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"the upload: {answer.status} {answer.read()!r}")
    connection.close()


def _lines(header: list[str], count: int) -> Iterator[bytes]:
    for start in range(0, count, _LINES):
        yield b"".join(_line(header, number, count) for number in range(start, min(start + _LINES, count)))


def _line(header: list[str], number: int, count: int) -> bytes:
    """As long for every number."""
    row = {
        "cognito:username": name(number, count),
        "email": email(number, count),
        "email_verified": "true",
        "name": f"Ada {number:07}",
    }
    return f"{','.join(row.get(column, '') for column in header)}\n".encode()


def _role(server: Server) -> str:
    iam: Any = boto3.client(
        "iam",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    role = iam.create_role(RoleName="import", AssumeRolePolicyDocument=_document(_TRUST))["Role"]
    iam.put_role_policy(RoleName="import", PolicyName="logs", PolicyDocument=_document(_LOGS))
    return str(role["Arn"])


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
