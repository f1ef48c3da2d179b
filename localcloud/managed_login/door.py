"""The door of every pool's domain: reads a request, finds its endpoint, and gives each answer the same headers."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

import orjson

from localcloud import http
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.managed_login import authorization, routes
from localcloud.managed_login.errors import OAuthError, PageError, RedirectError
from localcloud.managed_login.request import PREFIX, Answer, LoginRequest, redirect
from localcloud.userpool.models import Domain, UserPool

MAX_BODY = 256 * 1024
"""Bytes: a SAML response is 100,000 characters at most, and half as much again when it is encoded."""

_FORM = "application/x-www-form-urlencoded"


class Door:
    """Serves `/_aws/auth/DOMAIN/…`."""

    def __init__(self, cloud: Cloud, executor: Executor) -> None:
        self._cloud = cloud
        self._executor = executor

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Serve one ASGI request. Endpoints run on a thread: they wait for triggers and providers."""
        head = http.read_head(scope)
        try:
            body = await http.read_body(receive, MAX_BODY)
        except http.BodyTooLargeError:
            return await http.write(send, http.HttpResponse(413))
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._executor, self.answer, head, body)
        return await _write(send, answer, head=head.method == "HEAD")

    def answer(self, head: http.HttpRequest, body: bytes) -> Answer:
        """What an endpoint answers, or the error that stands for it."""
        request: LoginRequest | None = None
        try:
            request = _read(self._cloud, head, body)
            return routes.find(request)(request)
        except OAuthError as error:
            return _oauth_error(error)
        except RedirectError as error:
            told = {"error": error.code, "error_description": error.why, "state": error.state}
            return redirect(authorization.back(error.uri, {name: value for name, value in told.items() if value}))
        except (PageError, AwsError) as error:
            return _page_error(request, error)


def _read(cloud: Cloud, head: http.HttpRequest, body: bytes) -> LoginRequest:
    name, _, path = head.path.removeprefix(PREFIX).partition("/")
    domain = cloud.store.get(Domain, name)
    pool = cloud.store.get(UserPool, domain.pool_id) if domain else None
    if pool is None:
        raise PageError(f"no user pool has the domain {name[:64]!r}", 404)
    is_form = head.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM
    return LoginRequest(
        ctx=Context(
            cloud, secrets.token_hex(16), source_ip=head.client_ip, user_agent=head.headers.get("user-agent", "")
        ),
        pool=pool,
        domain=name,
        base=f"{cloud.endpoint_url}{PREFIX}{name}",
        method=head.method,
        path=f"/{path}",
        raw_query=head.raw_query,
        query=_once(head.raw_query),
        form=_once(body.decode("utf-8", "replace")) if is_form else {},
        cookies=dict(_cookies(head.headers.get("cookie", ""))),
        headers=head.headers,
    )


def _once(text: str) -> dict[str, str]:
    """Parameters, each with its one value. Attack: the same parameter twice, of which each reader takes another one."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise PageError("too many parameters") from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PageError("a parameter comes more than once")
    return found


def _cookies(text: str) -> Iterator[tuple[str, str]]:
    # A cookie of another program on this host may be one that Python does not read: the rest counts all the same.
    for part in text.split(";"):
        try:
            yield from ((name, morsel.value) for name, morsel in SimpleCookie(part.strip()).items())
        except CookieError:
            continue


def _oauth_error(error: OAuthError) -> Answer:
    told = {"error": error.code} | ({"error_description": error.why} if error.why else {})
    headers = {"www-authenticate": f'Bearer error="{error.code}"'} if error.status == 401 else {}
    return Answer(error.status, orjson.dumps(told), "application/json;charset=UTF-8", headers=headers)


def _page_error(request: LoginRequest | None, error: PageError | AwsError) -> Answer:
    """A page that says nothing but a reference; the reason stands under it on the server's own output."""
    reference = request.ctx.request_id if request else secrets.token_hex(16)
    why = error.why if isinstance(error, PageError) else f"{error.code}: {error.message}"
    print(f"managed login: {reference}: {why}", file=sys.stderr, flush=True)
    status = error.status if isinstance(error, PageError) else 400
    return routes.error_page(request, reference, status)


async def _write(send: http.Send, answer: Answer, *, head: bool) -> None:
    """Send an answer. Attacks: script on a page, a page in a frame, a code in a Referer or in somebody's cache."""
    targets = " ".join(("'self'", *answer.form_targets))
    headers = {
        "content-type": answer.content_type,
        "content-length": str(len(answer.body)),
        "cache-control": "no-store",
        "content-security-policy": (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
            f"form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
        ),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        **answer.headers,
    }
    if answer.location:
        headers["location"] = answer.location
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    raw += [(b"set-cookie", cookie.encode("latin-1")) for cookie in answer.cookies]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
