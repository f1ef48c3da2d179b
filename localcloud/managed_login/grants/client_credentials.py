"""`grant_type=client_credentials`: an access token for a machine, with scopes of resource servers.

Source: Cognito developer guide, "Scopes, M2M, and resource servers" and "Understanding the access token".
"""

from __future__ import annotations

import uuid
from typing import Any

from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool import scopes
from localcloud.userpool.federation_state import ResourceServer
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import signing_key


def exchange(request: LoginRequest, client: AppClient) -> dict[str, Any]:
    """An access token whose subject is the client; nothing to renew it with. Raises OAuthError."""
    # Attack: a public client, whose id is no secret, that asks in its own name.
    if not client.secret or "client_credentials" not in (client.config.get("AllowedOAuthFlows") or ()):
        raise OAuthError("unauthorized_client", "AllowedOAuthFlows has no client_credentials, or there is no secret")
    _check_no_trigger(request)
    ctx, seconds = request.ctx, client.validity("AccessToken")
    claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": " ".join(_scopes(request, client)),
        "auth_time": int(ctx.now),
        "iss": ctx.cloud.issuer_of(request.pool.id),
        "exp": int(ctx.now) + seconds,
        "iat": int(ctx.now),
        "version": 2,
        "jti": str(uuid.uuid4()),
        "client_id": client.id,
    }
    token = signing_key(ctx, request.pool.id).sign(claims)
    return {"AccessToken": token, "ExpiresIn": seconds, "TokenType": "Bearer"}


def _scopes(request: LoginRequest, client: AppClient) -> tuple[str, ...]:
    """The scopes asked for, or all of the client's. Attack: a machine with a scope that lets a user be managed."""
    allowed = [scope for scope in client.config.get("AllowedOAuthScopes") or () if scope not in scopes.SYSTEM]
    wanted = tuple(dict.fromkeys(request.form.get("scope", "").split())) or tuple(allowed)
    if not wanted or not set(wanted) <= set(allowed):
        raise OAuthError("invalid_scope", "a scope is not in AllowedOAuthScopes, or is none of a resource server")
    if not all(_exists(request, scope) for scope in wanted):
        raise OAuthError("invalid_scope", "the resource server has no such scope any more")
    return wanted


def _exists(request: LoginRequest, scope: str) -> bool:
    # The name has no slash; the identifier may be a URL, and has many.
    identifier, _, name = scope.rpartition("/")
    server = request.ctx.store.get(ResourceServer, request.pool.id, identifier)
    return server is not None and name in server.scopes


def _check_no_trigger(request: LoginRequest) -> None:
    """A V3 trigger changes these tokens on AWS and does not run for them here: refused, rather than left out."""
    config = request.pool.triggers.get("PreTokenGenerationConfig") or {}
    if config.get("LambdaVersion") == "V3_0":
        raise OAuthError("invalid_request", "a V3_0 pre token generation trigger does not run here for a machine")
