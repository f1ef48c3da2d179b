"""A request and a response as plain values, and the ways in and out of ASGI."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


_OWN_NAME = re.compile(
    r"([^\s@/:]+\.)?(localhost|127\.0\.0\.1|\[::1\]|amazonaws\.com|host\.docker\.internal)(:\d+)?", re.IGNORECASE
)
"""This machine's names, with a bucket before them or not, and AWS's: no page's owner can make them resolve to it."""


class BodyTooLargeError(Exception):
    """The body is longer than the caller of `read_body` takes."""


class ClientGoneError(Exception):
    """The client closed the connection before its request was whole."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A whole request. `raw_path` and `raw_query` are as on the wire; header names in lower case, repeats joined."""

    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes = b""
    client_ip: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The path, percent-decoded."""
        return unquote(self.raw_path)

    @property
    def query(self) -> dict[str, list[str]]:
        """The query, decoded; `?a` is `a` with an empty value."""
        return parse_qs(self.raw_query, keep_blank_values=True) if self.raw_query else {}


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole response."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def is_from_page(request: HttpRequest) -> bool:
    """Whether a web page made this request: browsers say so, and no page can keep them from it.

    `Sec-Fetch-Site: none` is a person who typed the address. `same-origin` is a page, too: those served here call
    nothing, so it can only come from a name that was made to resolve to loopback. To such a name browsers say nothing
    over plain http when a page reads from its own origin, so it counts as a page's by itself.
    https://www.w3.org/TR/fetch-metadata/
    """
    says_so = "origin" in request.headers or request.headers.get("sec-fetch-site", "none") != "none"
    return says_so or not names_us(request)


def names_us(request: HttpRequest) -> bool:
    """Whether the request is for a name of this machine.

    Attack: DNS rebinding, a name of somebody else's that was made to resolve to loopback, so that its page may read.
    """
    return _OWN_NAME.fullmatch(request.headers.get("host", "localhost")) is not None


def read_head(scope: Scope) -> HttpRequest:
    """The request of an ASGI scope, body still to come."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    client = scope.get("client")
    return HttpRequest(
        method=scope["method"],
        raw_path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),
        raw_query=scope.get("query_string", b"").decode("latin-1"),
        headers=headers,
        client_ip=client[0] if client else "127.0.0.1",
    )


async def read_body(receive: Receive, limit: int | None) -> bytes:
    """The whole body. Raises BodyTooLargeError as soon as it is longer than `limit` bytes, ClientGoneError."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        part = message.get("body", b"")
        size += len(part)
        if limit is not None and size > limit:
            raise BodyTooLargeError
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def write(send: Send, response: HttpResponse, *, head: bool = False) -> None:
    """Send a response; to a HEAD request without its body, but with the length that the body would have."""
    given = {name.lower(): value for name, value in response.headers.items()}
    if not head or "content-length" not in given:
        given["content-length"] = str(len(response.body))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else response.body})
