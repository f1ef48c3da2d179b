"""What a token says of itself, for those who only pass it on or compare it: nothing is proven by reading it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

from auth.errors import TokenMalformed


def unverified(token: str) -> dict[str, Any]:
    """The claims of a JWT, its signature unread. Raises TokenMalformed."""
    try:
        body = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, LookupError, AttributeError, RecursionError) as error:
        raise TokenMalformed("the token is not a JWT") from error
    if not isinstance(claims, dict):
        raise TokenMalformed("the token's claims are not an object")
    return claims
