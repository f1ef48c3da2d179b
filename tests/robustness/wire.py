"""Requests as no client library would send them: bytes to a socket, and the answer taken apart."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SECONDS = 20.0
"""No answer may take longer: a hang fails the test."""

_TARGETS = {
    "cognito-idp": "AWSCognitoIdentityProviderService",
    "cognito-identity": "AWSCognitoIdentityService",
    "dynamodb": "DynamoDB_20120810",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One response. `code` is the AWS error code, in whichever form the service's protocol has it; empty for none."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        if self.body and "json" in self.headers.get("content-type", ""):
            return str(self.json.get("__type", "")).rpartition("#")[2]
        found = re.search(rb"<Code>([^<]*)</Code>", self.body)
        return found[1].decode() if found else ""

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials to sign with; the root's unless others are given."""

    access: str = "test"
    secret: str = field(default="test", repr=False)
    token: str | None = field(default=None, repr=False)


ROOT = Keys()


def send(port: int, data: bytes | Iterable[bytes], *, method: str = "POST", half_close: bool = False) -> Answer:
    """Write bytes, whole or piece by piece, and read one response. `method` decides whether it has a body."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as sock:
        try:
            for piece in (data,) if isinstance(data, bytes) else data:
                sock.sendall(piece)
            if half_close:
                sock.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # Refused before all of it was sent: the answer is there to be read.
        with http.client.HTTPResponse(sock, method=method) as response:
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())


def request(
    port: int, body: bytes = b"", headers: Mapping[str, str] | None = None, *, method: str = "POST", path: str = "/"
) -> Answer:
    """One request with a right `Host` and `Content-Length`, unless `headers` say otherwise."""
    given = {"host": f"127.0.0.1:{port}", "content-length": str(len(body)), "connection": "close"}
    given |= {name.lower(): value for name, value in (headers or {}).items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return send(port, f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body, method=method)


def call(port: int, service: str, operation: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
    """One unsigned JSON call; `body` is sent as it is when it is bytes."""
    return request(port, _json(body), {**_target(service, operation), **(headers or {})})


def signed_call(port: int, service: str, operation: str, body: Any = None, keys: Keys = ROOT) -> Answer:
    """One JSON call, signed; `body` is sent as it is when it is bytes."""
    return signed(port, service, _json(body), _target(service, operation), keys=keys)


def signed(
    port: int,
    service: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    path: str = "/",
    keys: Keys = ROOT,
) -> Answer:
    """One request, signed by botocore for that service; `path` is as on the wire, with its query."""
    signed_headers = sign(port, service, body, headers, method=method, path=path, keys=keys)
    return request(port, body, signed_headers, method=method, path=path)


def sign(
    port: int,
    service: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    path: str = "/",
    keys: Keys = ROOT,
    region: str = "us-east-1",
) -> dict[str, str]:
    """The headers of a signed request, for a test that sends something else than was signed."""
    given = {name.lower(): value for name, value in (headers or {}).items()}
    host = given.pop("host", f"127.0.0.1:{port}")
    prepared = AWSRequest(method, f"http://{host}{path}", headers=given, data=body)
    prepared.context["payload_signing_enabled"] = True
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(keys.access, keys.secret, keys.token), service, region).add_auth(prepared)
    return {"host": host, **{name.lower(): value for name, value in prepared.headers.items()}}


def _json(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()


def _target(service: str, operation: str) -> dict[str, str]:
    return {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{_TARGETS[service]}.{operation}"}
