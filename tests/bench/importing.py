"""Imports of users over the socket: a file that is made while it is sent, and a job that is watched to its end."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
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
"""A prime: what it is multiplied with, modulo the count, comes once each."""


@dataclass(frozen=True, slots=True)
class People:
    """So many users. Usernames and addresses are in order as in an export, where `ordered`; names never are."""

    prefix: str
    count: int
    ordered: bool = True

    def username(self, number: int) -> str:
        """Of the user in that row."""
        return f"{self.prefix}{number if self.ordered else self._scattered(number):07}"

    def attributes(self, number: int) -> dict[str, str]:
        """Of the user in that row."""
        name = f"Ada {self._scattered(number):07}"
        return {"email": f"{self.username(number)}@example.com", "email_verified": "true", "name": name}

    def line(self, header: Sequence[str], number: int) -> bytes:
        """The row, as long for every number."""
        row = {"cognito:username": self.username(number), **self.attributes(number)}
        return f"{','.join(row.get(column, '') for column in header)}\n".encode()

    def _scattered(self, number: int) -> int:
        return number * _SCATTER % self.count


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import went: its seconds without the upload, and how often its progress was seen to grow."""

    seconds: float
    steps: int


def run(server: Server, pool: str, role: str, people: People, meanwhile: Callable[[], None]) -> Imported:
    """Import them, with a role that writes logs; `meanwhile` is called again and again.

    Raises RuntimeError where not all are there in the end.
    """
    job = _send_file(RawClient(server.port), pool, role, people)
    # A new connection: the server has ended the other one, which was idle while the file was sent.
    raw, steps, seen = RawClient(server.port), 0, 0
    began = time.perf_counter()
    raw.call("StartUserImportJob", signed=True, UserPoolId=pool, JobId=job)
    while True:
        now = raw.call("DescribeUserImportJob", signed=True, UserPoolId=pool, JobId=job)["UserImportJob"]
        steps, seen = steps + (now["ImportedUsers"] > seen), now["ImportedUsers"]
        if now["Status"] not in ("Pending", "InProgress"):
            break
        until = time.perf_counter() + _WATCH_SECONDS
        while time.perf_counter() < until:
            meanwhile()
    if (now["Status"], seen) != ("Succeeded", people.count):
        raise RuntimeError(f"the import: {now}")
    return Imported(time.perf_counter() - began, steps)


def _send_file(raw: RawClient, pool: str, role: str, people: People) -> str:
    """The id of a job that has its file."""
    settings = {"UserPoolId": pool, "JobName": "bench", "CloudWatchLogsRoleArn": role}
    job = raw.call("CreateUserImportJob", signed=True, **settings)["UserImportJob"]
    header: list[str] = raw.call("GetCSVHeader", signed=True, UserPoolId=pool)["CSVHeader"]
    _upload(job["PreSignedUrl"], header, people)
    return str(job["JobId"])


def _upload(url: str, header: Sequence[str], people: People) -> None:
    """Send the file in parts, none of which is kept."""
    parts = urlsplit(url)
    first = f"{','.join(header)}\n".encode()
    size = len(first) + people.count * len(people.line(header, 0))
    body = itertools.chain([first], _parts(header, people))
    with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=600)) as connection:
        connection.request("PUT", f"{parts.path}?{parts.query}", body, {**_KMS, "content-length": str(size)})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the upload: {answer.status} {answer.read()!r}")


def _parts(header: Sequence[str], people: People) -> Iterator[bytes]:
    for start in range(0, people.count, _LINES):
        yield b"".join(people.line(header, number) for number in range(start, min(start + _LINES, people.count)))


def make_role(server: Server) -> str:
    """The ARN of a role that writes the logs of imports; one of each server."""
    iam: Any = boto3.client(
        "iam",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    made = iam.create_role(RoleName="import", AssumeRolePolicyDocument=_document(_TRUST))["Role"]
    iam.put_role_policy(RoleName="import", PolicyName="logs", PolicyDocument=_document(_LOGS))
    return str(made["Arn"])


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
