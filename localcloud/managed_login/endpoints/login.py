"""`/login`: the sign-in page, and each step of a sign-in."""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.managed_login import authorization, browser, browser_devices
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.pages import carried, challenges, next_step, passkeys, render, sent_codes, sign_in
from localcloud.managed_login.pages.carried import Carried
from localcloud.managed_login.pages.messages import message_of
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.userpool import auth_flows, sessions
from localcloud.userpool import sign_in as engine
from localcloud.userpool.accounts.users import find_user
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import enrolment
from localcloud.userpool.models import User


def get(request: LoginRequest) -> Answer:
    """The sign-in page."""
    return sign_in.show(request, authorization.read(request, request.query))


def post(request: LoginRequest) -> Answer:
    """One step: username and password, or the answer to a challenge."""
    browser.check_form(request)
    wanted = sign_in.by_own_user(request)
    return _answer(request, wanted) if "challenge" in request.form else _begin(request, wanted)


def _begin(request: LoginRequest, wanted: AuthorizationRequest) -> Answer:
    username = request.form.get("username", "").strip()
    begin = _BEGIN.get(request.form.get("factor", ""), _with_password)
    try:
        return next_step.follow(request, wanted, engine.next_step(request.ctx, begin(request, wanted, username)))
    except AwsError as error:
        return _elsewhere(request, username, error) or sign_in.show(
            request, wanted, username=username, error=message_of(error), status=400
        )


def _with_password(request: LoginRequest, wanted: AuthorizationRequest, username: str) -> SignIn:
    password = request.form.get("password", "")
    s = engine.start(request.ctx, request.pool, wanted.client, username, None, password=password, via="pages")
    return browser_devices.prove(request, auth_flows.with_password(request.ctx, s, password))


_BEGIN = {"WEB_AUTHN": passkeys.begin, "EMAIL_OTP": sent_codes.begin, "SMS_OTP": sent_codes.begin}
"""The first factor that a button of the sign-in page names → how it begins; without one, by the password."""


def _elsewhere(request: LoginRequest, username: str, error: AwsError) -> Answer | None:
    """Where somebody goes who has the right password, and something else to do first."""
    if error.code == "PasswordResetRequiredException":
        left = carried.cookie(request, Carried(username, notice="reset_required"))
        return redirect(render.link(request, "/confirmForgotPassword"), left)
    user = find_user(request.ctx, request.pool, username) if error.code == "UserNotConfirmedException" else None
    if user is None:
        return None
    left = carried.cookie(request, Carried(username, password_mark=carried.mark_of(request, user)))
    return redirect(render.link(request, "/confirm"), left)


def _answer(request: LoginRequest, wanted: AuthorizationRequest) -> Answer:
    form, name = request.form, request.form["challenge"]
    page, session, username = challenges.find(name), form.get("session", ""), form.get("username", "")
    try:
        responses = {"USERNAME": username, **page.answer(form)}
        proven = session
        if name == "MFA_SETUP" and "email" not in responses:
            proven = enrolment.finish_in_sign_in(request.ctx, session, challenges.code_in(form), via="pages")
        result = engine.answer(request.ctx, request.pool, wanted.client, name, proven, responses, None, via="pages")
        return next_step.follow(request, wanted, result, *_remembered(request, page, result.get("SignedIn", "")))
    except AwsError as error:
        message = message_of(error)
        if _is_open(request, wanted, name, session):
            return challenges.ask_again(request, wanted, name, message)
        return sign_in.show(request, wanted, username=username, error=message, status=400)


def _remembered(request: LoginRequest, page: challenges.Page, sub: str) -> tuple[str, ...]:
    """The cookie of this browser as a device, where its user has just shown a second factor and wants it kept."""
    if not (page.second_factor and "remember_device" in request.form and request.pool.devices is not None):
        return ()
    user = request.ctx.store.get(User, request.pool.id, sub)
    return (browser_devices.remember(request, user),) if user else ()


def _is_open(request: LoginRequest, wanted: AuthorizationRequest, name: str, session: str) -> bool:
    """Whether a session takes another answer."""
    try:
        sessions.open_session(request.ctx, session, name, wanted.client.id)
    except AwsError:
        return False
    return True
