"""Who calls: the claims that API Gateway's JWT authorizer verified."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.errors import ApiError


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user: `sub` keys all data; `username` is the name that the user pool's operations want.

    `signed_in_at`: when they proved who they are, in seconds since the epoch; None if the token does not say.
    """

    sub: str
    username: str
    signed_in_at: int | None


def caller_of(event: Mapping[str, Any]) -> Caller:
    """The caller of an HTTP API event (payload 2.0). Raises ApiError 401 without the claims of an access token."""
    try:
        claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
        use, caller = claims["token_use"], Caller(claims["sub"], claims["username"], _seconds(claims.get("auth_time")))
    except (KeyError, TypeError):
        raise _unauthorized() from None
    # Attack: an ID token is signed with the same key and handed to other parties; it opens nothing here.
    if use != "access" or not caller.sub or not caller.username:
        raise _unauthorized()
    return caller


def _seconds(claim: object) -> int | None:
    """A time as API Gateway writes those of a token: digits."""
    return int(claim) if isinstance(claim, str) and re.fullmatch(r"[0-9]{1,12}", claim) else None


def _unauthorized() -> ApiError:
    return ApiError(401, "unauthorized", "an access token is required")
