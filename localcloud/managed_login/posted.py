"""An answer that a provider's page posts here comes without this browser's cookies: kept until it comes back with them.

Cookies are SameSite=Lax, so a POST from another site brings none. The browser is sent to the same path with a GET,
which does, and with a handle for what it brought.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from localcloud.context import Context
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.models import PostedAnswer
from localcloud.managed_login.request import Answer, LoginRequest, redirect

SECONDS = 120
"""More than any redirect takes."""

MOST = 200
"""Answers that may wait at once."""


def keep(request: LoginRequest) -> Answer:
    """Keep the posted form; the browser comes back to the same path with `?handle=`. Raises PageError."""
    ctx, handle = request.ctx, request.ctx.cloud.random(32).hex()
    answer = PostedAnswer(_digest(ctx, handle), request.pool.id, request.path, dict(request.form), ctx.now + SECONDS)
    with ctx.store.transaction():
        # Attack: a page that lets the browsers of all its visitors post here until the disk is full.
        ctx.store.purge(PostedAnswer, ctx.now)
        if ctx.store.count(PostedAnswer) >= MOST:
            raise PageError("too many answers of providers wait to be collected", 503)
        ctx.store.insert(answer)
    return redirect(f"{request.base_path}{request.path}?{urlencode({'handle': handle})}")


def take(request: LoginRequest, handle: str) -> Mapping[str, str]:
    """The form behind a handle, once. Raises PageError.

    Whose answer it is, the handle does not say: that is for `departures.collect` to find out.
    """
    ctx, digest = request.ctx, _digest(request.ctx, handle)
    with ctx.store.transaction():
        kept = ctx.store.get(PostedAnswer, digest)
        ctx.store.delete(PostedAnswer, digest)
    if kept is None or ctx.now > kept.expires or (kept.pool_id, kept.path) != (request.pool.id, request.path):
        raise PageError("handle: there is no such answer of a provider, or it was used before")
    return kept.form


def _digest(ctx: Context, handle: str) -> str:
    return ctx.cloud.sealer.digest("posted answer", handle)
