"""Who calls: the claims that API Gateway's JWT authorizer verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.errors import ApiError


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user: `sub` keys all data; `username` is the name that the user pool's operations want."""

    sub: str
    username: str


def caller_of(event: Mapping[str, Any]) -> Caller:
    """The caller of an HTTP API event (payload 2.0). Raises ApiError 401 without the claims of an access token."""
    try:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
        use, caller = claims["token_use"], Caller(sub=claims["sub"], username=claims["username"])
    except (KeyError, TypeError):
        raise _unauthorized() from None
    # Attack: an ID token is signed with the same key and handed to other parties; it opens nothing here.
    if use != "access" or not caller.sub or not caller.username:
        raise _unauthorized()
    return caller


def _unauthorized() -> ApiError:
    return ApiError(401, "unauthorized", "an access token is required")
