"""RevokeToken: end the sign-in that a refresh token belongs to."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import tokens
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Revoke the refresh token and, with it, the access tokens it made."""
    _, client = require_client(ctx, request["ClientId"])
    if not hmac.compare_digest(client.secret, request.get("ClientSecret") or ""):
        raise AwsError("UnauthorizedException", "Client secret does not match.")
    if not client.config.get("EnableTokenRevocation", True):
        raise AwsError("UnsupportedOperationException", "Token revocation is not enabled for this client.")
    tokens.revoke(ctx, client, request["Token"])
    return {}
