"""Time-based one-time passwords as Cognito wants them: SHA-1, 6 digits, 30 seconds (RFC 6238).

For tests, samples and machines that hold their own second factor; a person's lives in an authenticator app.
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import quote, urlencode

PERIOD = 30


def totp(secret: str, at: float) -> str:
    """The six digits of a base32 secret at `at` seconds since the epoch. Raises ValueError if it is not base32."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    digest = hmac.digest(key, int(at // PERIOD).to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F  # https://datatracker.ietf.org/doc/html/rfc4226#section-5.3
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def otpauth_uri(secret: str, issuer: str, account: str) -> str:
    """What an authenticator app's QR code holds (https://github.com/google/google-authenticator/wiki/Key-Uri-Format)."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='@')}"
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
