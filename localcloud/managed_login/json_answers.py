"""Answers to programs: JSON, and the leave for any page to read it, as apps run in browsers.

No cookie counts at these endpoints, so a page of another origin gains nothing by calling them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.request import Answer, LoginRequest

PATHS = ("/oauth2/token", "/oauth2/userInfo", "/oauth2/revoke")
"""The endpoints that programs call, and not people."""

_CORS = {"access-control-allow-origin": "*", "access-control-expose-headers": "www-authenticate"}

_JSON = "application/json;charset=UTF-8"

_SCHEMES = {"invalid_token": "Bearer", "invalid_client": "Basic"}
"""The authentication that was wrong, by the error that says so."""


def told(value: Mapping[str, Any]) -> Answer:
    """A JSON object."""
    return Answer(200, orjson.dumps(value), _JSON, headers=_CORS)


def nothing() -> Answer:
    """An empty answer; of JSON, as clients look at the type first."""
    return Answer(200, content_type=_JSON, headers=_CORS)


def refused(error: OAuthError) -> Answer:
    """An error as RFC 6749, section 5.2, writes it; of a wrong token or client in the header, too (RFC 6750)."""
    body = {"error": error.code, **({"error_description": error.why} if error.why else {})}
    headers = dict(_CORS)
    if error.status == 401:
        # Attack: a text from the request that ends the header, or its own quotes. What is not plain is left out.
        why = "".join(c for c in error.why if c.isascii() and c.isprintable() and c not in '"\\')
        headers["www-authenticate"] = f'{_SCHEMES[error.code]} error="{error.code}", error_description="{why}"'
    return Answer(error.status, orjson.dumps(body), _JSON, headers=headers)


def preflight(_request: LoginRequest) -> Answer:
    """What a browser hears that asks, before it calls, whether it may."""
    # A star stands for all headers but this one. Source: Fetch standard, CORS-unsafe request-header names.
    headers = {"access-control-allow-methods": "GET, POST", "access-control-allow-headers": "authorization, *"}
    return Answer(200, headers={**_CORS, **headers, "access-control-max-age": "7200"})
