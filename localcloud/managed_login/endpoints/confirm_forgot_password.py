"""`/confirmForgotPassword`: a new password for the code that was sent."""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.managed_login import browser
from localcloud.managed_login.endpoints.forgot_password import wanted_of
from localcloud.managed_login.pages import calls, carried, challenges, code_page, fields, render
from localcloud.managed_login.pages.carried import Carried
from localcloud.managed_login.pages.messages import Message, message_of
from localcloud.managed_login.request import Answer, LoginRequest, redirect


def get(request: LoginRequest) -> Answer:
    """The page."""
    wanted_of(request)
    return _show(request)


def post(request: LoginRequest) -> Answer:
    """Set the password; on to the sign-in page."""
    browser.check_form(request)
    wanted, username = wanted_of(request), request.form.get("username", "").strip()
    given = {"ConfirmationCode": challenges.code_in(request.form), "Password": request.form.get("password", "")}
    try:
        calls.call(request, wanted.client, "ConfirmForgotPassword", username, **given)
    except AwsError as error:
        return _show(request, username, message_of(error))
    left = carried.cookie(request, Carried(username, notice="password_changed"))
    return redirect(render.link(request, "/login"), left)


def _show(request: LoginRequest, username: str = "", error: Message | None = None) -> Answer:
    return code_page.show(request, "reset.html", username, error, rules=fields.password_rules(request.pool))
