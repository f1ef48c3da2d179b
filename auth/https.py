"""Requests over https, or to this machine, which no redirect may send anywhere else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

MAX_BYTES = 64 * 1024
TIMEOUT = 5.0  # seconds


def checked_url(url: str) -> str:
    """The URL itself. Raises ValueError unless it is https, or http on this machine."""
    parts = urlsplit(url)
    # Attack: whoever stands between us and a plain-http address reads our tokens, or gives us keys of their own.
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")):
        return url
    raise ValueError(f"the address must begin with https: {url}")


def send(request: Request, timeout: float = TIMEOUT) -> bytes:
    """The answer, cut off after 64 KiB and one byte. Raises OSError (an HTTPError for a refusal), HTTPException."""
    checked_url(request.full_url)
    # Attack: a proxy that the environment names, which plain http to this machine would give our tokens to.
    direct = [ProxyHandler({})] if request.type == "http" else []
    with build_opener(_NoRedirect, *direct).open(request, timeout=timeout) as response:
        body: bytes = response.read(MAX_BYTES + 1)
    return body


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None: the redirect becomes an HTTPError, which is an OSError."""
