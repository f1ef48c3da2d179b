"""Step-up authentication: what takes something away or hands out access wants a sign-in that is new.

A refreshed token keeps the `auth_time` of its sign-in, so only proving oneself again makes it newer. The answer is that
of RFC 9470, by which a client knows what to do.
"""

from __future__ import annotations

import time

from api.caller import Caller
from api.errors import ApiError

CODE = "insufficient_user_authentication"
"""Of the answer, in its header and in its body. Source: RFC 9470, section 3."""

_SKEW = 30
"""Seconds by which the user pool's clock may be ahead of ours."""


def demand(caller: Caller, within: int = 300) -> None:
    """Raise ApiError 401 unless the caller proved who they are in the last `within` seconds.

    Attack: a token or a phone that somebody else got hold of while its user was signed in. A sign-in whose time is not
    told, or has not come yet, is as good as none.
    """
    now = time.time()
    if caller.signed_in_at is not None and now - within <= caller.signed_in_at <= now + _SKEW:
        return
    description = f"sign in again: this wants a sign-in of the last {within} seconds"
    challenge = f'Bearer error="{CODE}", error_description="{description}", max_age="{within}"'
    raise ApiError(401, CODE, description, {"WWW-Authenticate": challenge})
