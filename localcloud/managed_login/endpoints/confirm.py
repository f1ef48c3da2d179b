"""`/confirm`: a new account shows the code that was sent to it, and is signed in where this browser made it."""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.managed_login import browser
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.pages import calls, carried, challenges, code_page, next_step, render, sign_in
from localcloud.managed_login.pages.carried import Carried
from localcloud.managed_login.pages.messages import Message, message_of
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.userpool import sign_in as engine
from localcloud.userpool.accounts.account import check_may_sign_in

_TELLING = frozenset({"CodeMismatchException", "ExpiredCodeException", "LimitExceededException"})
_MORE_TELLING = frozenset({"NotAuthorizedException", "UserNotFoundException"})


def get(request: LoginRequest) -> Answer:
    """The page."""
    sign_in.by_own_user(request)
    return show(request)


def post(request: LoginRequest) -> Answer:
    """Confirm the account."""
    browser.check_form(request)
    wanted, left = sign_in.by_own_user(request), carried.read(request)
    username, code = request.form.get("username", "").strip(), challenges.code_in(request.form)
    try:
        calls.call(request, wanted.client, "ConfirmSignUp", username, ConfirmationCode=code)
    except AwsError as error:
        return show(request, username, _message(wanted, error))
    try:
        return _sign_in(request, wanted, username, left) or _to_sign_in(request, username)
    except AwsError as error:
        return sign_in.show(request, wanted, username=username, error=message_of(error), status=400)


def show(request: LoginRequest, username: str = "", error: Message | None = None) -> Answer:
    """The page, for the account that this browser has just made, or for one that is named on it."""
    return code_page.show(request, "confirm.html", username, error)


def _message(wanted: AuthorizationRequest, error: AwsError) -> Message:
    """Attack: telling by the answer to a wrong code whether there is such a user, and whether it is confirmed."""
    hidden = _TELLING | _MORE_TELLING if wanted.client.hides_users else _TELLING - {"LimitExceededException"}
    return Message("wrong_or_old_code") if error.code in hidden else message_of(error)


def _sign_in(request: LoginRequest, wanted: AuthorizationRequest, username: str, left: Carried) -> Answer | None:
    """Go on to the app, where this browser has shown the password of just this account; None where it has not.

    Attack: a confirmed account opened by its code alone, or by a password that was replaced meanwhile.
    """
    s = engine.start(request.ctx, request.pool, wanted.client, username, None, via="pages")
    if s.user is None or left.password_mark != carried.mark_of(request, s.user):
        return None
    check_may_sign_in(request.ctx, s.user)
    return next_step.follow(request, wanted, engine.next_step(request.ctx, s.proving("PASSWORD")))


def _to_sign_in(request: LoginRequest, username: str) -> Answer:
    left = carried.cookie(request, Carried(username, notice="account_confirmed"))
    return redirect(render.link(request, "/login"), left)
