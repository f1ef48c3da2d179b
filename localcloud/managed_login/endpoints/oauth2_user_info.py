"""`/oauth2/userInfo`: what an access token with `openid` may know of its user.

Source: Cognito developer guide, "The userInfo endpoint": every value is a text, `email_verified` too.
"""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.json_answers import preflight, told
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool import tokens
from localcloud.userpool.configuration import scopes
from localcloud.userpool.models import AppClient

_OVER = "Access token is expired, disabled, or deleted, or the user has globally signed out."

options = preflight


def get(request: LoginRequest) -> Answer:
    """The user's attributes that the scopes and the client show. Raises OAuthError."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise OAuthError("invalid_request", "Bad OAuth2 request at UserInfo Endpoint")
    try:
        pool, user, claims = tokens.verify_live(request.ctx, token)
    except AwsError as error:
        raise OAuthError("invalid_token", _OVER, 401) from error
    client = request.ctx.store.get(AppClient, str(claims["client_id"]))
    # Attack: another pool's token, whose users are none of this one.
    if client is None or pool.id != request.pool.id:
        raise OAuthError("invalid_token", _OVER, 401)
    granted = str(claims.get("scope", "")).split()
    if scopes.OPENID not in granted:
        raise OAuthError("invalid_token", "Access token does not contain openid scope", 401)
    shown = {
        name: value for name, value in user.attributes.items() if client.may_read(name) and scopes.shows(granted, name)
    }
    return told({"sub": user.sub, **shown, "username": user.username})


post = get
