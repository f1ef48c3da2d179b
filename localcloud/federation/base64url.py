"""Base64url without padding, as JOSE writes it (RFC 7515, section 2). Anything else is refused."""

from __future__ import annotations

import base64
import re

_TEXT = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def decode(text: str) -> bytes:
    """The bytes. Raises ValueError."""
    if not _TEXT.fullmatch(text):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
