"""Where an answer may be sent: a stand-in signs in anybody as anybody, so it does it for apps on this machine only."""

from __future__ import annotations

from urllib.parse import urlsplit

from localcloud.stand_ins.models import StandInError

_HERE = ("localhost", "127.0.0.1", "::1")


def checked(uri: str) -> str:
    """The redirect URI: loopback, or an app's own scheme. Raises StandInError.

    Attack: a page somewhere that has a signed assertion or code sent to itself, to use it at this local cloud.
    """
    parts = urlsplit(uri)
    web_scheme = parts.scheme in ("http", "https")
    if not parts.scheme or (web_scheme and parts.hostname not in _HERE) or parts.scheme in ("javascript", "data"):
        raise StandInError("the answer may only go to an app on this machine")
    return uri
