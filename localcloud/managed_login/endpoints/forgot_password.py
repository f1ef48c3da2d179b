"""`/forgotPassword`: send a code to whoever has forgotten the password."""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.managed_login import authorization, browser
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.pages import calls, carried, fields, render, sign_in
from localcloud.managed_login.pages.carried import Carried
from localcloud.managed_login.pages.messages import Message, message_of
from localcloud.managed_login.request import Answer, LoginRequest, redirect


def get(request: LoginRequest) -> Answer:
    """The page."""
    return _show(request, wanted_of(request))


def post(request: LoginRequest) -> Answer:
    """Send the code, or say that it was sent, as the app client wants it; on to where it is entered."""
    browser.check_form(request)
    wanted, username = wanted_of(request), request.form.get("username", "").strip()
    try:
        answered = calls.call(request, wanted.client, "ForgotPassword", username)
    except AwsError as error:
        return _show(request, wanted, username, message_of(error))
    again = "code_sent_again" if carried.read(request).username == username else ""
    told = Carried(username, answered["CodeDeliveryDetails"]["Destination"], again)
    return redirect(render.link(request, "/confirmForgotPassword"), carried.cookie(request, told))


def wanted_of(request: LoginRequest) -> AuthorizationRequest:
    """The authorization request. Raises PageError where no password can be recovered."""
    wanted = authorization.read(request, request.query)
    if not sign_in.may_recover(request.pool, wanted.client):
        raise PageError("no password is recovered here: AccountRecoverySetting is admin_only, or no COGNITO", 403)
    return wanted


def _show(
    request: LoginRequest, wanted: AuthorizationRequest, username: str = "", error: Message | None = None
) -> Answer:
    return render.page(
        request,
        "forgot.html",
        status=400 if error else 200,
        username=fields.username(request.pool),
        value=username or request.query.get("login_hint", ""),
        error=error,
    )
