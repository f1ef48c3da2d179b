"""`/signup`: somebody makes an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError
from localcloud.managed_login import authorization, browser
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.pages import calls, carried, fields, language, next_step, render, sign_in
from localcloud.managed_login.pages.carried import Carried
from localcloud.managed_login.pages.messages import Message, message_of
from localcloud.managed_login.request import Answer, LoginRequest, redirect
from localcloud.userpool import auth_flows
from localcloud.userpool import sign_in as engine
from localcloud.userpool.configuration import domains, terms
from localcloud.userpool.models import User


def get(request: LoginRequest) -> Answer:
    """The page."""
    return _show(request, _wanted(request))


def post(request: LoginRequest) -> Answer:
    """Make the account; on to its confirmation, or to the app where a trigger has confirmed it."""
    browser.check_form(request)
    wanted, form = _wanted(request), request.form
    username, password = form.get("username", "").strip(), form.get("password", "")
    attributes = [{"Name": name, "Value": value} for name, value in fields.attributes_in(form).items()]
    try:
        made = calls.call(request, wanted.client, "SignUp", username, Password=password, UserAttributes=attributes)
        if made["UserConfirmed"]:
            return _sign_in(request, wanted, username, password)
    except AwsError as error:
        return _show(request, wanted, username, message_of(error))
    return _confirm(request, username, made)


def _confirm(request: LoginRequest, username: str, made: dict[str, Any]) -> Answer:
    details, user = made.get("CodeDeliveryDetails"), request.ctx.store.get(User, request.pool.id, made["UserSub"])
    if details is None or user is None:
        left = carried.cookie(request, Carried(username, notice="wait_for_administrator"))
        return redirect(render.link(request, "/login"), left)
    mark = carried.mark_of(request, user)
    left = carried.cookie(request, Carried(username, details["Destination"], password_mark=mark))
    return redirect(render.link(request, "/confirm"), left)


def _sign_in(request: LoginRequest, wanted: AuthorizationRequest, username: str, password: str) -> Answer:
    s = engine.start(request.ctx, request.pool, wanted.client, username, None, via="pages")
    proven = auth_flows.with_password(request.ctx, s, password)
    return next_step.follow(request, wanted, engine.next_step(request.ctx, proven))


def _wanted(request: LoginRequest) -> AuthorizationRequest:
    wanted = authorization.read(request, request.query)
    if not sign_in.may_sign_up(request.pool, wanted.client):
        raise PageError("nobody signs up here: AllowAdminCreateUserOnly is on, or the app client has no COGNITO", 403)
    return wanted


def _terms(request: LoginRequest, wanted: AuthorizationRequest) -> Mapping[str, str]:
    """Links to the client's terms documents; the classic pages have none."""
    domain = domains.of_pool(request.ctx, request.pool.id)
    if domain is None or domain.version != domains.MANAGED_LOGIN:
        return {}
    return terms.links_for(request.ctx, wanted.client.id, language.language_of(request))


def _show(
    request: LoginRequest, wanted: AuthorizationRequest, username: str = "", error: Message | None = None
) -> Answer:
    return render.page(
        request,
        "sign_up.html",
        status=400 if error else 200,
        username=fields.username(request.pool, new=True),
        value=username,
        attributes=fields.of_sign_up(request.pool, fields.attributes_in(request.form)),
        rules=fields.password_rules(request.pool),
        terms=_terms(request, wanted),
        error=error,
    )
