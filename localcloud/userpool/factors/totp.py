"""Time-based one-time passwords, RFC 6238: SHA-1, 30 seconds, six digits; one step either way is taken."""

from __future__ import annotations

import base64
import hmac

STEP = 30
WINDOW = 1


def make_secret(random: bytes) -> str:
    """A secret as an authenticator app takes it: base32 of 32 random bytes, 52 characters as Cognito's are."""
    return base64.b32encode(random[:32]).decode().rstrip("=")


def matching_step(secret: str, code: str, now: float) -> int | None:
    """The time step whose code this is, or None. The caller refuses a step that was used before."""
    current = int(now) // STEP
    found = None
    for step in range(current - WINDOW, current + WINDOW + 1):
        # No early end: which of the steps matched must not show in the time.
        if hmac.compare_digest(_code(secret, step).encode(), code.encode()):
            found = step
    return found


def _code(secret: str, step: int) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
