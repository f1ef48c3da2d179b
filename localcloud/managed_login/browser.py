"""What ties requests to one browser: its cookie, the form token that only its own pages know, its signed-in session."""

from __future__ import annotations

import hmac
import re

from localcloud.managed_login.errors import PageError
from localcloud.managed_login.models import BrowserSession
from localcloud.managed_login.request import LoginRequest
from localcloud.managed_login.users import still_signed_in

SESSION_SECONDS = 3600
"""How long a browser stays signed in. Source: Cognito developer guide, "Managed login", session cookies."""

_BROWSER, _SESSION = "XSRF-TOKEN", "cognito"

_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)


def browser_id(request: LoginRequest) -> str:
    """The browser's own secret, or a new one where it has none; `browser_cookie` gives it to the browser."""
    return known_browser(request) or request.ctx.cloud.random(32).hex()


def known_browser(request: LoginRequest) -> str:
    """The secret that the browser came with; empty where it has none."""
    known = request.cookies.get(_BROWSER, "")
    return known if _ID.fullmatch(known) else ""


def browser_cookie(request: LoginRequest, browser: str) -> str:
    """The Set-Cookie value that a browser knows itself by."""
    return cookie(request, _BROWSER, browser)


def form_token(request: LoginRequest, browser: str) -> str:
    """The hidden value of each form on a page for this browser."""
    return request.ctx.cloud.sealer.digest("form", request.pool.id, browser)


def check_form(request: LoginRequest) -> None:
    """Raise PageError unless this browser's own page posted the form.

    Attack: another site's page that posts a form here, in the name and with the cookies of whoever looks at it.
    """
    known, given = known_browser(request), request.form.get("_csrf", "")
    if not known or not hmac.compare_digest(form_token(request, known).encode(), given.encode()):
        raise PageError("the form does not belong to this browser: its cookie or its _csrf is missing or another one")


def sign_in(request: LoginRequest, sub: str, provider: str = "", provider_session: str = "") -> str:
    """Keep that this user has signed in here. The Set-Cookie value of a session that nobody had before.

    Attack: session fixation, a cookie that was planted before the sign-in and is worth something after it.
    """
    ctx, secret = request.ctx, request.ctx.cloud.random(32).hex()
    ctx.store.put(
        BrowserSession(
            digest=_digest(request, secret),
            pool_id=request.pool.id,
            sub=sub,
            auth_time=int(ctx.now),
            expires=ctx.now + SESSION_SECONDS,
            provider=provider,
            provider_session=provider_session,
        )
    )
    return cookie(request, _SESSION, secret)


def signed_in(request: LoginRequest) -> BrowserSession | None:
    """The session of this browser, if it stands and its user may still sign in."""
    kept = session(request)
    return kept if kept is not None and still_signed_in(request.ctx, kept.pool_id, kept.sub) else None


def session(request: LoginRequest) -> BrowserSession | None:
    """The session of this browser at this pool, whoever its user is by now."""
    secret = request.cookies.get(_SESSION, "")
    kept = request.ctx.store.get(BrowserSession, _digest(request, secret)) if secret else None
    if kept is None or kept.pool_id != request.pool.id or request.ctx.now > kept.expires:
        return None
    return kept


def sign_out(request: LoginRequest) -> str:
    """End the browser's session: the Set-Cookie value that takes its cookie away."""
    request.ctx.store.delete(BrowserSession, _digest(request, request.cookies.get(_SESSION, "")))
    return f"{cookie(request, _SESSION, '')}; Max-Age=0"


def cookie(request: LoginRequest, name: str, value: str) -> str:
    """The Set-Cookie value of a cookie for this domain's pages."""
    # Without Secure, as this is plain http on loopback. Lax: the app's own link to /oauth2/authorize has to bring it.
    return f"{name}={value}; Path={request.base_path}; HttpOnly; SameSite=Lax"


def _digest(request: LoginRequest, secret: str) -> str:
    return request.ctx.cloud.sealer.digest("browser session", secret)
