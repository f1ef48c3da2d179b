"""The one way out to the network: a small document from an address that is https, or on this machine."""

from __future__ import annotations

import contextlib
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from localcloud.federation.addresses import AnswerError, checked, is_loopback

TIMEOUT = 5.0
"""Seconds until all of a document must be here."""

MAX_BYTES = 256 * 1024
"""Larger than any key set or profile."""

MAX_ERROR_BYTES = 2048
"""How much is read of an answer that says no."""


def fetch(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """The document at a URL, which no redirect may change; a form is posted. Raises OSError, AnswerError among them."""
    try:
        parts = checked(url)
    except ValueError as error:
        raise OSError(str(error)) from error
    deadline = time.monotonic() + TIMEOUT
    # A proxy of the environment is for the way out, and cannot reach this machine's own loopback.
    proxies: dict[str, str] | None = {} if is_loopback(parts) else None
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies))
    body = None if form is None else urlencode(form).encode()
    sent = {"Accept": "application/json", **(headers or {})}
    request = urllib.request.Request(url, body, sent)  # noqa: S310 (checked)
    try:
        with opener.open(request, timeout=TIMEOUT) as response:
            if response.status != 200:
                raise AnswerError(response.status)
            found = _read(response, deadline, MAX_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise AnswerError(error.code, _start(error, deadline)) from error
    except (ValueError, HTTPException) as error:
        raise OSError(str(error)) from error
    if len(found) > MAX_BYTES:
        raise OSError(f"the document is larger than {MAX_BYTES} bytes")
    return found


def _start(error: urllib.error.HTTPError, deadline: float) -> bytes:
    """The start of an answer that says no; as far as it can be had."""
    with contextlib.suppress(OSError, ValueError, HTTPException):
        return _read(error, deadline, MAX_ERROR_BYTES)
    return b""


def _read(response: Any, deadline: float, limit: int) -> bytes:
    """A body, as far as the limit. Attack: a server that sends without end, or one byte at a time."""
    body = b""
    while len(body) < limit and (piece := response.read1(limit - len(body))):
        body += piece
        if time.monotonic() > deadline:
            raise TimeoutError("the document took too long")
    return body


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None: a redirect is an answer with another status than 200. Attack: the way round `checked`."""
