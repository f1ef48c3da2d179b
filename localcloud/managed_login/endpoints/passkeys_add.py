"""`/passkeys/add`: somebody who has signed in to this browser adds a passkey, and goes on to the app.

Whoever has not is sent to sign in, and comes to the app from there.
"""

from __future__ import annotations

import json

from localcloud.errors import AwsError
from localcloud.managed_login import authorization, browser
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.models import BrowserSession
from localcloud.managed_login.pages import passkeys, render, sign_in
from localcloud.managed_login.pages.messages import Message
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.factors import passkey_registration
from localcloud.userpool.models import User


def get(request: LoginRequest) -> Answer:
    """The page."""
    wanted, session = _read(request)
    return redirect(render.link(request, "/login")) if session is None else _show(request, wanted, session)


def post(request: LoginRequest) -> Answer:
    """Keep the passkey, and let the app know that its user is signed in."""
    browser.check_form(request)
    wanted, session = _read(request)
    if session is None:
        return redirect(render.link(request, "/login"))
    user = _user(request, session)
    try:
        credential = json.loads(request.form.get("credential") or "{}")
        given = credential if isinstance(credential, dict) else {}
        passkey_registration.finish(request.ctx, request.pool, user, wanted.client.id, given)
    except (AwsError, ValueError, RecursionError):
        return _show(request, wanted, session, Message("passkey_not_taken"))
    return authorization.complete(request, wanted, session.sub, session.auth_time)


def _read(request: LoginRequest) -> tuple[AuthorizationRequest, BrowserSession | None]:
    wanted = sign_in.by_own_user(request)
    passkeys.check_taken(request, wanted.client)
    session = browser.signed_in(request)
    # Attack: a passkey that lets somebody in whom another provider has locked out.
    return wanted, None if session is None or session.provider else session


def _show(
    request: LoginRequest, wanted: AuthorizationRequest, session: BrowserSession, error: Message | None = None
) -> Answer:
    options = ""
    try:
        begun = passkey_registration.begin(request.ctx, request.pool, _user(request, session), wanted.client.id)
        options = json.dumps(begun)
    except AwsError as refused:
        if refused.code != "LimitExceededException":
            raise
        error = Message("too_many_passkeys")
    return render.page(request, "add_passkey.html", status=400 if error else 200, options=options, error=error)


def _user(request: LoginRequest, session: BrowserSession) -> User:
    return require_user(request.ctx, request.pool, session.sub)
