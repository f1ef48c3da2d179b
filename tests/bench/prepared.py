"""Signed calls that are made before the clock runs, and sent as they are: what is measured is the server."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.bench.signing_in_by_pages import Connection

_TARGET = "AWSCognitoIdentityProviderService"
_SIGNER = SigV4Auth(Credentials("test", "test"), "cognito-idp", "us-east-1")


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it goes over the wire."""

    headers: tuple[str, ...]
    body: bytes

    @classmethod
    def new(cls, operation: str, **params: Any) -> Call:
        """A call of a user-pool operation, signed by root now: good for some minutes."""
        body = json.dumps(params).encode()
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{_TARGET}.{operation}"}
        request = AWSRequest("POST", "http://127.0.0.1/", headers, body)
        _SIGNER.add_auth(request)
        return cls(tuple(f"{name}: {value}" for name, value in request.headers.items()), body)

    def send(self, connection: Connection) -> dict[str, Any]:
        """Its answer. Raises RuntimeError for anything but 200."""
        page = connection.ask("POST", "/", self.headers, self.body)
        if page.status != 200:
            raise RuntimeError(f"{page.status} {page.body!r}")
        answer: dict[str, Any] = json.loads(page.body)
        return answer


def milliseconds(port: int, calls: Sequence[Call], seconds: float) -> float:
    """Milliseconds of one call, the mean of as many as there is time for, in turn and on one connection."""
    connection, waiting = Connection(port), itertools.cycle(calls)
    for call in calls[:20]:
        call.send(connection)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        next(waiting).send(connection)
        count += 1
    return (time.perf_counter() - began) * 1000 / count
