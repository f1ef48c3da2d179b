"""How an API says that a sign-in is too old for what was asked: by the challenge of RFC 9470, section 3."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAMES = ("www-authenticate", "x-amzn-remapped-www-authenticate")
"""The second is what API Gateway makes of the first in some of its APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
"""

_ERROR = re.compile(r'\berror="insufficient_user_authentication"')
_MAX_AGE = re.compile(r'\bmax_age="?([0-9]{1,9})\b')


def max_age_of(headers: Mapping[str, str]) -> int | None:
    """How old, in seconds, the sign-in may be that an API's 401 asks for by its headers; None if it asks for none."""
    found = {name.lower(): value for name, value in headers.items()}
    challenge = next((found[name] for name in _NAMES if name in found), "")
    if not _ERROR.search(challenge):
        return None
    age = _MAX_AGE.search(challenge)
    return int(age[1]) if age else 0
