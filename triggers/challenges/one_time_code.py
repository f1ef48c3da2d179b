"""A code of eight digits, to be typed in."""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Mapping

SECONDS = 300
MAIL = "SignIn_OneTimeCode"

_DIGITS = 8


def is_offered() -> bool:
    """Where the stack lets users sign in without a password (environment: PASSWORDLESS)."""
    return os.environ["PASSWORDLESS"] == "true"


def make() -> str:
    """A new code."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def fields(secret: str) -> Mapping[str, str]:
    """The code."""
    return {"code": secret}


def read(answer: str) -> str:
    """The code as it was typed, in wide digits perhaps, as a Japanese keyboard has them, or with spaces."""
    return "".join(unicodedata.normalize("NFKC", answer).split())
