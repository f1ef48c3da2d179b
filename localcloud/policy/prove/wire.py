"""Calls as clients make them, without a client: botocore's serializers and signers over a pool of connections.

A boto3 client for each persona would take longer to make than all its calls take here.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import urllib3
from botocore.auth import S3SigV4Auth, S3SigV4PostAuth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest, create_request_object, prepare_request_dict
from botocore.credentials import Credentials
from botocore.serialize import create_serializer

from localcloud.policy.prove.calls import Transport
from localcloud.policy.prove.operations import Operation, service_model
from localcloud.process import CloudError

_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")
_NEVER = "2040-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials: the secret parts are never shown."""

    access_key: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


ROOT = Keys("test", "test")
"""The root's keys on every local cloud."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `code` is empty where the service reports no error."""

    status: int
    code: str
    message: str
    request_id: str
    body: bytes = field(repr=False)


class Wire:
    """One endpoint, for any number of threads."""

    def __init__(self, endpoint: str, region: str, connections: int) -> None:
        self._endpoint = endpoint
        self._region = region
        parts = urlsplit(endpoint)
        self._pool = urllib3.HTTPConnectionPool(
            parts.hostname or "", parts.port, maxsize=connections, block=True, retries=False, timeout=60
        )

    def send(
        self, keys: Keys | None, operation: Operation, params: dict[str, Any], transport: Transport = "signed"
    ) -> Answer:
        """Make a call and take its answer. Without keys it is not signed. Raises CloudError, and botocore's errors."""
        serialized = _serializer(operation.service).serialize_to_request(params, operation.model)
        # One host for everything: a name before it would not resolve on a laptop.
        serialized.pop("host_prefix", None)
        prepare_request_dict(serialized, self._endpoint)
        request = create_request_object(serialized)
        body = serialized["body"] or b""
        credentials = Credentials(keys.access_key, keys.secret, keys.token) if keys else None
        if credentials and transport == "form":
            body = self._form(request, credentials, params)
        elif credentials and transport == "presigned":
            # The signature of a URL leaves its body out.
            request.data = b""
            S3SigV4QueryAuth(credentials, "s3", self._region).add_auth(request)
        elif credentials:
            signer = S3SigV4Auth if operation.service == "s3" else SigV4Auth
            signer(credentials, operation.service, self._region).add_auth(request)
        url = request.url.removeprefix(self._endpoint)
        try:
            answer = self._pool.request(request.method, url, body=body, headers=dict(request.headers.items()))
        except urllib3.exceptions.HTTPError as error:
            raise CloudError(f"the local cloud gives no answer: {type(error).__name__}") from error
        return _read(answer)

    def _form(self, request: AWSRequest, credentials: Credentials, params: dict[str, Any]) -> bytes:
        """The request as an upload by a web form with a signed policy."""
        bucket, key = params["Bucket"], params["Key"]
        fields = {"key": key}
        policy = {"expiration": _NEVER, "conditions": [{"bucket": bucket}, {"key": key}]}
        request.context.update({"s3-presign-post-fields": fields, "s3-presign-post-policy": policy})
        S3SigV4PostAuth(credentials, "s3", self._region).add_auth(request)
        body, content_type = urllib3.encode_multipart_formdata({**fields, "file": ("x.txt", b"x", "text/plain")})
        request.method, request.url = "POST", f"{self._endpoint}/{bucket}"
        request.headers["Content-Type"] = content_type
        return body


def _read(answer: urllib3.BaseHTTPResponse) -> Answer:
    body = answer.data
    request_id = answer.headers.get("x-amz-request-id") or answer.headers.get("x-amzn-requestid") or ""
    code, message = _error(answer.status, body)
    return Answer(answer.status, code, message, request_id, body)


def _error(status: int, body: bytes) -> tuple[str, str]:
    if status < 400:
        return "", ""
    if body.startswith(b"{"):
        error = json.loads(body)
        return str(error.get("__type", status)).rpartition("#")[2], str(error.get("message", error.get("Message", "")))
    code, message = _CODE.search(body), _MESSAGE.search(body)
    # A HEAD has no body that could say more.
    return code[1].decode() if code else str(status), message[1].decode() if message else ""


@functools.cache
def _serializer(service: str) -> Any:
    return create_serializer(service_model(service).resolved_protocol, include_validation=False)
