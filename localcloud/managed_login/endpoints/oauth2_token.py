"""`/oauth2/token`: tokens for an app, by one of three grants.

Source: Cognito developer guide, "The token issuer endpoint"; errors with its status codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from localcloud.errors import AwsError
from localcloud.managed_login.client_authentication import authenticate
from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.grants import authorization_code, client_credentials, refresh_token
from localcloud.managed_login.json_answers import preflight, told
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool.models import AppClient

Grant: TypeAlias = Callable[[LoginRequest, AppClient], dict[str, Any]]

_GRANTS: Mapping[str, Grant] = {
    "authorization_code": authorization_code.exchange,
    "refresh_token": refresh_token.exchange,
    "client_credentials": client_credentials.exchange,
}

_NAMES = {
    "id_token": "IdToken",
    "access_token": "AccessToken",
    "refresh_token": "RefreshToken",
    "expires_in": "ExpiresIn",
    "token_type": "TokenType",
}

_INVALID_GRANT = (
    "NotAuthorizedException",
    "RefreshTokenReuseException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
)

options = preflight


def post(request: LoginRequest) -> Answer:
    """The tokens of a grant. Raises OAuthError."""
    name = request.form.get("grant_type")
    if not name:
        raise OAuthError("invalid_request", "grant_type is missing, or the body is no form")
    if name not in _GRANTS:
        raise OAuthError("unsupported_grant_type", f"grant_type is one of {', '.join(_GRANTS)}")
    client = authenticate(request)
    if not client.config.get("AllowedOAuthFlowsUserPoolClient"):
        raise OAuthError("unauthorized_client", "AllowedOAuthFlowsUserPoolClient is off")
    try:
        issued = _GRANTS[name](request, client)
    except AwsError as error:
        # What is left is a trigger that refuses: AWS says so in its description.
        raise OAuthError(
            "invalid_grant" if error.code in _INVALID_GRANT else "invalid_request", error.message
        ) from error
    return told({answered: issued[kept] for answered, kept in _NAMES.items() if kept in issued})
