"""Shorthand for the tests of S3 requests: `METHOD /path?query` instead of a whole call."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote

from localcloud.iam.actions import Call, Check, checks
from localcloud.iam.actions.s3 import operation
from tests.iam.actions.fakes import RESOURCES, call

BUCKET, KEY = "arn:aws:s3:::bucket", "arn:aws:s3:::bucket/k"
XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


def request(line: str, body: bytes = b"", **headers: str) -> Call:
    """A call from `METHOD /path?query`, as the pipeline would describe it."""
    method, _, target = line.partition(" ")
    raw_path, _, raw_query = target.partition("?")
    path, query = unquote(raw_path), parse_qs(raw_query, keep_blank_values=True)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    name = operation(method, path, query, given)
    return call("s3", name, method=method, path=path, query=query, headers=given, body=body)


def found(line: str, body: bytes = b"", **headers: Any) -> list[Check]:
    return checks(request(line, body, **headers), RESOURCES)


def actions(line: str, body: bytes = b"", **headers: Any) -> list[tuple[str, str]]:
    return [(check.action.removeprefix("s3:"), check.resource) for check in found(line, body, **headers)]
