"""Codes in place of a password: a button beside it for each way that the pool allows, where the app lets people choose.

Source: Cognito developer guide, "Configure authentication methods for managed login".
"""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.managed_login.authorization import AuthorizationRequest
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool import sign_in
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.challenges import select_challenge
from localcloud.userpool.factors import first_factors
from localcloud.userpool.models import AppClient


def offered(request: LoginRequest, client: AppClient) -> list[str]:
    """`EMAIL_OTP` and `SMS_OTP`, as far as the pool and the app take them."""
    return first_factors.by_code(request.pool) if client.allows("USER_AUTH") else []


def begin(request: LoginRequest, wanted: AuthorizationRequest, username: str) -> SignIn:
    """A sign-in that is to be asked for a code. Raises PageError where the app takes none, and AwsError."""
    factor = request.form.get("factor", "")
    if factor not in offered(request, wanted.client):
        raise PageError("the user pool or the app client takes no codes in place of a password")
    if not username:
        raise AwsError("InvalidParameterException", "The username is required.")
    s = sign_in.start(request.ctx, request.pool, wanted.client, username, None, flow="USER_AUTH", via="pages")
    # Attack: telling by this that nobody has the name. A stranger's is offered what some user's would be.
    if factor not in first_factors.available(request.ctx, s):
        raise AwsError("InvalidParameterException", "No code can be sent to this user.")
    return select_challenge.begin(request.ctx, s, factor, {})
