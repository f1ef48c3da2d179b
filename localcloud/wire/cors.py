"""Cognito and STS let every web origin call them, as on AWS; a bucket's own CORS rules are the engine's."""

from __future__ import annotations

import dataclasses

from localcloud.own_services import OWN
from localcloud.wire.http import HttpRequest, HttpResponse

PREFLIGHT = HttpResponse(
    200,
    b"",
    {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "*",
        "access-control-max-age": "172800",
    },
)
"""What a browser hears that asks, before it calls, whether it may."""


def with_cors(head: HttpRequest, service: str, response: HttpResponse) -> HttpResponse:
    """The response, with leave for any page to read it where the service gives that."""
    own = OWN.get(service)
    if own is None or not own.for_pages or "origin" not in head.headers:
        return response
    headers = {
        **response.headers,
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
    }
    return dataclasses.replace(response, headers=headers)
