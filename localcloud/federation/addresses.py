"""Which addresses may be asked, and how one says no."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class AnswerError(OSError):
    """The address answered, with another status than 200. `body` is its start, which no text shows: it may echo."""

    def __init__(self, status: int, body: bytes = b"") -> None:
        super().__init__(f"it answered with status {status}")
        self.status = status
        self.body = body


def checked(url: str) -> SplitResult:
    """The parts of a URL that may be fetched. Raises ValueError.

    Attack: an address in a discovery document or a provider's settings that makes this server ask something that only
    it can reach, or read a file. Plain http goes to this machine only, and only `documents.py` asks for it.
    """
    parts = urlsplit(url)
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("the address is not a URL")
    if parts.username is not None or not parts.hostname:
        raise ValueError("the address names no host, or a user")
    if parts.scheme != "https" and not is_loopback(parts):
        raise ValueError("the address is neither https, nor http on this machine")
    return parts


def is_loopback(parts: SplitResult) -> bool:
    """Whether this is plain http to this machine itself."""
    return parts.scheme == "http" and parts.hostname in _LOOPBACK
