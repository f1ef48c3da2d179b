"""`grant_type=refresh_token`: new tokens of the same sign-in, with the scopes that it was granted."""

from __future__ import annotations

from typing import Any

from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient


def exchange(request: LoginRequest, client: AppClient) -> dict[str, Any]:
    """New ID and access tokens, and a new refresh token where the client rotates them.

    Raises OAuthError; AwsError for a token that is no good.
    """
    if client.rotation_grace is None and not client.allows("REFRESH_TOKEN_AUTH"):
        raise OAuthError("unauthorized_client", "ExplicitAuthFlows has no ALLOW_REFRESH_TOKEN_AUTH")
    refresh = request.form.get("refresh_token")
    if not refresh:
        raise OAuthError("invalid_request", "refresh_token is missing")
    return tokens.renew(request.ctx, request.pool, client, refresh, "", None)
