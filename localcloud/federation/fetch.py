"""The one way out to the network: a small document from an address that is https, or on this machine."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from typing import Any

from localcloud.federation.addresses import AnswerError, checked, is_loopback

TIMEOUT = 5.0
"""Seconds until all of a document must be here."""

MAX_BYTES = 256 * 1024
"""Larger than any key set or profile."""


def fetch(url: str) -> bytes:
    """The document at a URL, which no redirect may change. Raises OSError, AnswerError among them."""
    try:
        parts = checked(url)
    except ValueError as error:
        raise OSError(str(error)) from error
    deadline = time.monotonic() + TIMEOUT
    # A proxy of the environment is for the way out, and cannot reach this machine's own loopback.
    proxies: dict[str, str] | None = {} if is_loopback(parts) else None
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies))
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310 (checked)
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            if response.status != 200:
                raise AnswerError(response.status)
            return _read(response, deadline)
    except urllib.error.HTTPError as error:
        with error:
            raise AnswerError(error.code) from error
    except ValueError as error:
        raise OSError(str(error)) from error


def _read(response: Any, deadline: float) -> bytes:
    """All of a body. Attack: a server that sends without end, or one byte at a time."""
    body = b""
    while piece := response.read1(MAX_BYTES + 1 - len(body)):
        body += piece
        if len(body) > MAX_BYTES:
            raise OSError(f"the document is larger than {MAX_BYTES} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("the document took too long")
    return body


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None: a redirect is an answer with another status than 200. Attack: the way round `checked`."""
