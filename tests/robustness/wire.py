"""Requests as no client library would send them: bytes to a socket, and the answer taken apart."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SECONDS = 20.0
"""No answer may take longer; a hang fails the test by time-out."""

JSON_TARGETS = {
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
        kind = self.headers.get("content-type", "")
        if "json" in kind:
            return str(self.json.get("__type", "")).rpartition("#")[2]
        found = re.search(rb"<Code>([^<]*)</Code>", self.body)
        return found[1].decode() if found else ""

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


def send(port: int, data: bytes | Iterable[bytes], *, method: str = "POST", half_close: bool = False) -> Answer:
    """Write bytes, whole or piece by piece, and read one response. `method` decides whether it has a body."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as sock:
        try:
            for piece in (data,) if isinstance(data, bytes) else data:
                sock.sendall(piece)
            if half_close:
                sock.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # Refused before all of it was sent; the answer is there to be read.
        response = http.client.HTTPResponse(sock, method=method)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())


def request(
    port: int, body: bytes = b"", headers: Mapping[str, str] | None = None, *, method: str = "POST", path: str = "/"
) -> Answer:
    """One request with a right `Host` and `Content-Length`, unless `headers` say otherwise."""
    given = {"host": f"127.0.0.1:{port}", "content-length": str(len(body)), "connection": "close", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return send(port, f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body, method=method)


def call(port: int, service: str, operation: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
    """One unsigned JSON call; `body` is sent as it is when it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    target = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": f"{JSON_TARGETS[service]}.{operation}",
        **(headers or {}),
    }
    return request(port, data, target)


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials to sign with; the root's unless others are given."""

    access: str = "test"
    secret: str = "test"
    token: str | None = None


ROOT = Keys()


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
    url = f"http://127.0.0.1:{port}{path}"
    prepared = AWSRequest(method, url, headers=dict(headers or {}), data=body)
    prepared.context["payload_signing_enabled"] = True
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(keys.access, keys.secret, keys.token), service, "us-east-1").add_auth(prepared)
    return request(port, body, dict(prepared.headers.items()), method=method, path=path)


def signed_call(port: int, service: str, operation: str, body: Any = None, keys: Keys = ROOT) -> Answer:
    """One JSON call, signed; `body` is sent as it is when it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    target = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": f"{JSON_TARGETS[service]}.{operation}",
    }
    return signed(port, service, data, target, keys=keys)
