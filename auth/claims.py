"""What a token says of itself, for those who only pass it on or compare it: nothing is proven by reading it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from hmac import compare_digest
from typing import Any

from auth.errors import TokenBindingInvalid, TokenMalformed


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


def sub_of(token: str) -> str:
    """Whose token it is; empty if it does not say. Raises TokenMalformed."""
    return str(unverified(token).get("sub", ""))


def bind(name: str, given: str, expected: str) -> None:
    """Raise TokenBindingInvalid unless the two are the same, and something."""
    if not expected or not same(given, expected):
        raise TokenBindingInvalid(f"{name} is another sign-in's")


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that says nothing of how far they are."""
    return compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))
