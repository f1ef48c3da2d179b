"""Answers to browsers, with the headers that keep a page safe; and parameters that come once."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from localcloud.wire import http

FORM = "application/x-www-form-urlencoded"

_PLAIN = re.compile(r"[ -~]*")


MAX_BODY = 256 * 1024
"""Bytes: a SAML response is 100,000 characters at most, and half as much again when it is encoded."""

AT_ONCE = 32
"""Requests that run at once. Attack: pages that take every thread and wait for triggers, whose own calls need one."""


class RepeatedError(ValueError):
    """A parameter comes more than once, or there are too many."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, without the headers that all of them have. `cookies` are whole Set-Cookie values."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    location: str = ""
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Attack: response splitting, a value that ends its header. Whoever puts one together is to check it before."""
        for text in (self.location, *self.cookies, *self.headers.values()):
            if not _PLAIN.fullmatch(text):
                raise ValueError("a header of the answer has a character that none may have")


def redirect(location: str, *cookies: str) -> Answer:
    """Send the browser on with a GET, whatever it came with."""
    return Answer(303, location=location, cookies=cookies)


def read_parameters(text: str) -> dict[str, str]:
    """The parameters of a query or form. Raises RepeatedError.

    Attack: the same parameter twice, of which each reader takes another one.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise RepeatedError("too many parameters") from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RepeatedError("a parameter comes more than once")
    return found


def read_form(head: http.HttpRequest, body: bytes) -> dict[str, str]:
    """The parameters of a posted form; none of a body of another type. Raises RepeatedError."""
    content_type = head.headers.get("content-type", "").partition(";")[0].strip().lower()
    return read_parameters(body.decode("utf-8", "replace")) if content_type == FORM else {}


def read_cookies(text: str) -> dict[str, str]:
    """The cookies of a request.

    Attack: a cookie of another program on this host, whose name is the same and whose path is `/`. Of several, browsers
    send the one with the longest path first (RFC 6265, section 5.4): that one is ours.
    """
    found: dict[str, str] = {}
    for name, value in _cookies(text):
        found.setdefault(name, value)
    return found


class Door(ABC):
    """Serves pages: each request whole, its answer made on a thread, for it may wait for triggers and providers."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Serve one ASGI request."""
        head = http.read_head(scope)
        try:
            body = await http.read_body(receive, MAX_BODY)
        except http.BodyTooLargeError:
            return await http.write(send, http.HttpResponse(413))
        loop = asyncio.get_running_loop()
        async with self._at_once:
            answer = await loop.run_in_executor(self._executor, self.answer, head, body)
        return await write(send, answer, head=head.method == "HEAD")

    @abstractmethod
    def answer(self, head: http.HttpRequest, body: bytes) -> Answer:
        """What is answered. Never raises: a fault of ours is an answer, too."""


async def write(send: http.Send, answer: Answer, *, head: bool) -> None:
    """Send an answer. Attacks: script on a page, a page in a frame, a code in a Referer or in somebody's cache.

    Two headers are missing on purpose. Chromium asks `form-action` about each redirect behind a form, the app's own
    too, which nobody knows here; and `cross-origin-opener-policy` would keep an app from the window it signs in with.
    """
    headers = {
        "content-type": answer.content_type,
        "content-length": str(len(answer.body)),
        "cache-control": "no-store",
        "content-security-policy": (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
            "frame-ancestors 'none'; base-uri 'none'"
        ),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        **answer.headers,
    }
    if answer.location:
        headers["location"] = answer.location
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    raw += [(b"set-cookie", cookie.encode("latin-1")) for cookie in answer.cookies]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})


def _cookies(text: str) -> Iterator[tuple[str, str]]:
    # A cookie of another program on this host may be one that Python does not read: the rest counts all the same.
    for part in text.split(";"):
        try:
            yield from ((name, morsel.value) for name, morsel in SimpleCookie(part.strip()).items())
        except CookieError:
            continue
