"""Where an answer may be sent: a stand-in signs in anybody as anybody, so it does it for apps on this machine only."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from localcloud.stand_ins.models import StandInError

_URI = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>[!-\[\]-~]+)")
"""Attack: `http://evil.example\\@127.0.0.1/`. The backslash is a slash to a browser, and part of a name to Python."""

_RUN_BY_BROWSERS = ("javascript", "data", "vbscript", "blob", "file", "about", "view-source")
_HERE = ("localhost", "127.0.0.1", "::1")


def checked(uri: str) -> str:
    """The redirect URI: loopback, or an app's own scheme. Raises StandInError.

    Attack: a page somewhere that has a signed assertion or code sent to itself, to use it at this local cloud.
    """
    found = _URI.fullmatch(uri)
    scheme = found["scheme"].lower() if found else ""
    if not scheme or scheme in _RUN_BY_BROWSERS or (scheme in ("http", "https") and not _is_here(uri)):
        raise StandInError("the answer may only go to an app on this machine")
    return uri


def _is_here(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        return parts.hostname in _HERE and parts.username is None
    except ValueError:
        return False
