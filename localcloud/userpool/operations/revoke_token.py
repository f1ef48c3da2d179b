"""RevokeToken: end the sign-in that a refresh token belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import tokens
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import knows_secret


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Revoke the refresh token and, with it, the access tokens it made."""
    client = ctx.store.get(AppClient, request["ClientId"])
    if client is None or not knows_secret(client, request.get("ClientSecret")):
        raise AwsError("UnauthorizedException", "Invalid client or client secret.")
    if not client.config.get("EnableTokenRevocation", True):
        raise AwsError("UnsupportedOperationException", "Token revocation is not enabled for this client.")
    tokens.revoke(ctx, client, request["Token"])
    return {}
