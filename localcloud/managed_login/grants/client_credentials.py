"""`grant_type=client_credentials`: an access token for a machine, with scopes of resource servers.

Source: Cognito developer guide, "The token issuer endpoint": of the grants, `aws_client_metadata` is for this one only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.federation import strict_json
from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool.models import AppClient
from localcloud.userpool.tokens import machine_tokens


def exchange(request: LoginRequest, client: AppClient) -> dict[str, Any]:
    """An access token whose subject is the client. Raises OAuthError, AwsError."""
    # Attack: a public client, whose id is no secret, that asks in its own name.
    if not client.secrets or "client_credentials" not in (client.config.get("AllowedOAuthFlows") or ()):
        raise OAuthError("unauthorized_client", "AllowedOAuthFlows has no client_credentials, or there is no secret")
    granted = machine_tokens.scopes_of(request.ctx, client, request.form.get("scope", "").split())
    if not granted:
        raise OAuthError("invalid_scope", "a scope is not in AllowedOAuthScopes, or no resource server has it")
    return machine_tokens.issue(request.ctx, request.pool, client, granted, _metadata(request.form))


def _metadata(form: Mapping[str, str]) -> dict[str, str]:
    """What the machine says of itself to the pre token generation trigger: a JSON object of texts."""
    try:
        found = strict_json.read(form.get("aws_client_metadata", "{}").encode())
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise OAuthError("invalid_request", "aws_client_metadata is no JSON object of texts")
    return found
