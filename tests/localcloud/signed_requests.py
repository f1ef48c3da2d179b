"""Requests as the server receives them, signed by botocore: what the tests of signatures are about."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from localcloud import sigv4
from localcloud.errors import AwsError

KEY, SECRET, TOKEN = "AKIDEXAMPLE", "secret/of+the=key", "session/token+==&more"
ENDPOINT = "http://127.0.0.1:4566"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as the server receives it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    now: float = field(default_factory=time.time)

    def verify(self, secret: str = SECRET) -> bytes:
        credential = sigv4.parse(self.method, self.path, self.query, self.headers)
        assert credential is not None
        assert (credential.access_key, credential.region) == (KEY, "us-east-1")
        return sigv4.verify(credential, secret, self.method, self.path, self.query, self.headers, self.body, self.now)

    def refused(self, secret: str = SECRET) -> tuple[str, int]:
        with pytest.raises(AwsError) as caught:
            self.verify(secret)
        assert SECRET not in str(caught.value)
        return caught.value.code, caught.value.status

    def with_headers(self, **headers: str) -> Sent:
        return replace(self, headers={**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})


@functools.cache
def client(service: str, token: str | None = None, endpoint: str | None = ENDPOINT) -> Any:
    session = botocore.session.Session()
    session.set_credentials(KEY, SECRET, token)
    config = Config(s3={"addressing_style": "path"}, signature_version="s3v4" if service == "s3" else None)
    return session.create_client(service, region_name="us-east-1", endpoint_url=endpoint, config=config)


def sent(
    service: str, call: Callable[[Any], object], token: str | None = None, endpoint: str | None = ENDPOINT
) -> Sent:
    """What botocore would put on the wire for `call`."""
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        caught.append(request)
        return AWSResponse(request.url, 400, HTTPHeaders(), None)

    made = client(service, token, endpoint)
    made.meta.events.register("before-send", catch)
    try:
        with pytest.raises(Exception):  # noqa: B017, PT011  the empty answer means nothing to botocore
            call(made)
    finally:
        made.meta.events.unregister("before-send", catch)
    request = caught[0]
    headers = {
        name.lower(): value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    return from_url(str(request.method), request.url, headers, _read(request.body))


def _read(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def from_url(method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Sent:
    parts = urlsplit(url)
    return Sent(method, parts.path, parts.query, {"host": parts.netloc, **(headers or {})}, body)
