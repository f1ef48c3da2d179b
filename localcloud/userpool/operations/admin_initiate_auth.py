"""AdminInitiateAuth: InitiateAuth with AWS credentials, for a back end that signs users in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.auth_flows import begin
from localcloud.userpool.pools import require_client

FLOWS = frozenset(
    {
        "USER_SRP_AUTH",
        "ADMIN_USER_PASSWORD_AUTH",
        "ADMIN_NO_SRP_AUTH",
        "CUSTOM_AUTH",
        "USER_AUTH",
        "REFRESH_TOKEN_AUTH",
        "REFRESH_TOKEN",
    }
)


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Begin one of the flows that need AWS credentials."""
    pool, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
    return begin(ctx, pool, client, FLOWS, request)
