"""What one page has for the next one: kept in the browser, sealed, so that a phone may forget the page meanwhile.

Somebody who looks a code up in another app comes back to a page that was loaded anew.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from localcloud.managed_login import browser
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool.models import User

_COOKIE, _KIND = "carried", "carried"
_SECONDS = 86_400
"""As long as the code of a sign-up is good."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Whose code is awaited, where it went, the key of what is to be said, and whether the password was shown here."""

    username: str = ""
    destination: str = ""
    notice: str = ""
    password_mark: str = ""


def cookie(request: LoginRequest, carried: Carried) -> str:
    """The Set-Cookie value that carries this."""
    expires = request.ctx.now + _SECONDS
    sealed = request.ctx.cloud.sealer.seal(_KIND, [request.pool.id, expires, dataclasses.astuple(carried)])
    return browser.cookie(request, _COOKIE, sealed)


def read(request: LoginRequest) -> Carried:
    """What the page before has left; empty where that is nothing, too old, or of another pool."""
    opened = request.ctx.cloud.sealer.open(_KIND, request.cookies.get(_COOKIE, ""))
    if opened is None or opened[0] != request.pool.id or request.ctx.now > opened[1]:
        return Carried()
    return Carried(*opened[2])


def drop(request: LoginRequest) -> tuple[str, ...]:
    """The Set-Cookie value that ends it, where there is something to end."""
    return (f"{browser.cookie(request, _COOKIE, '')}; Max-Age=0",) if _COOKIE in request.cookies else ()


def mark_of(request: LoginRequest, user: User) -> str:
    """What stands for the user's password as it is now: another one as soon as it is changed."""
    return request.ctx.cloud.sealer.digest("carried password", user.pool_id, user.sub, user.verifier)
