"""Which module answers which path; it is loaded when the path is first asked for, as pages bring a template engine."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

from localcloud.managed_login.errors import PageError
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool.protection import feedback

Endpoint: TypeAlias = Callable[[LoginRequest], Answer]

ENDPOINTS: Mapping[str, str] = {
    "/oauth2/authorize": "oauth2_authorize",
    "/oauth2/token": "oauth2_token",
    "/oauth2/userInfo": "oauth2_user_info",
    "/oauth2/revoke": "oauth2_revoke",
    "/oauth2/idpresponse": "oauth2_idpresponse",
    "/saml2/idpresponse": "saml2_idpresponse",
    "/saml2/logout": "saml2_logout",
    "/saml2/metadata": "saml2_metadata",
    "/logout": "logout",
    "/login": "login",
    "/signup": "signup",
    "/confirm": "confirm",
    "/resendcode": "resend_code",
    "/forgotPassword": "forgot_password",
    "/confirmForgotPassword": "confirm_forgot_password",
    "/passkeys/add": "passkeys_add",
    feedback.PATH: "feedback",
}
"""Path → module of `endpoints`, with a function `get`, `post` or both. AWS's own, but for metadata and feedback."""

ASSETS = "/assets/"
"""Stylesheet, script and logo, under a name of their own each."""


def find(request: LoginRequest) -> Endpoint:
    """The endpoint of a path and method. Raises PageError."""
    name = "assets" if request.path.startswith(ASSETS) else ENDPOINTS.get(request.path)
    if name is None:
        raise PageError(f"no such path: {request.path[:100]!r}", 404)
    method = "get" if request.method == "HEAD" else request.method.lower()
    # OPTIONS and all the rest: no page of another origin has any business here but at the token endpoints.
    endpoint = _load(name, method) if method in ("get", "post", "options") else None
    if endpoint is None:
        raise PageError(f"{request.path} does not take {request.method[:16]!r}", 405)
    return endpoint


def error_page(request: LoginRequest | None, reference: str, status: int) -> Answer:
    """The page of a request that goes nowhere; without a request where there is no such domain."""
    from localcloud.managed_login.pages import render

    return render.error(request, reference, status)


@functools.cache
def _load(name: str, method: str) -> Endpoint | None:
    module = importlib.import_module(f"localcloud.managed_login.endpoints.{name}")
    endpoint: Endpoint | None = getattr(module, method, None)
    return endpoint
