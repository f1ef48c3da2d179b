"""`grant_type=authorization_code`: tokens for a code that a browser brought."""

from __future__ import annotations

from typing import Any

from localcloud.managed_login import codes
from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.request import LoginRequest
from localcloud.managed_login.users import still_signed_in
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient


def exchange(request: LoginRequest, client: AppClient) -> dict[str, Any]:
    """The tokens of the sign-in that the code stands for. Raises OAuthError; AwsError where a trigger refuses."""
    ctx, form = request.ctx, request.form
    if "code" not in (client.config.get("AllowedOAuthFlows") or ()):
        raise OAuthError("unauthorized_client", "AllowedOAuthFlows has no code")
    if not form.get("code") or not form.get("redirect_uri"):
        raise OAuthError("invalid_request", "code or redirect_uri is missing")
    kept = codes.spend(ctx, client, form["code"], form["redirect_uri"], form.get("code_verifier", ""))
    if form.get("resource", kept.resource) != kept.resource:
        raise OAuthError("invalid_target", "resource is another one than the code was issued for")
    user = still_signed_in(ctx, kept.pool_id, kept.sub)
    if user is None:
        raise OAuthError("invalid_grant", "the user may not sign in any more")
    grant = tokens.Grant(tuple(kept.scopes.split()), kept.auth_time, kept.nonce, kept.resource)
    issued = tokens.issue(ctx, request.pool, client, user, "TokenGeneration_HostedAuth", grant=grant)
    codes.remember_tokens(ctx, form["code"], issued["RefreshToken"].partition(".")[0])
    return issued
