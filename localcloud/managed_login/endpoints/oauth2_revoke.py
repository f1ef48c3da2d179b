"""`/oauth2/revoke`: ends the sign-in that a refresh token belongs to.

Source: Cognito developer guide, "The token revocation endpoint"; RFC 7009.
"""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.jws import unverified_issuer
from localcloud.managed_login.client_authentication import authenticate
from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.json_answers import nothing, preflight
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool import tokens

options = preflight


def post(request: LoginRequest) -> Answer:
    """Nothing, for a token that nobody knows as well. Raises OAuthError."""
    client = authenticate(request, status=401)
    token = request.form.get("token")
    if not token:
        raise OAuthError("invalid_request", "token is missing")
    if not client.config.get("EnableTokenRevocation", True):
        raise OAuthError("invalid_request", "EnableTokenRevocation is off")
    # Refresh tokens say nothing of themselves; ID and access tokens name their issuer.
    if unverified_issuer(token):
        raise OAuthError("unsupported_token_type", "only refresh tokens can be revoked")
    try:
        tokens.revoke(request.ctx, client, token)
    except AwsError as error:
        # Attack: ending the sign-ins at another app.
        raise OAuthError("unauthorized_client", error.message) from error
    return nothing()
