"""InitiateAuth: the first call of a sign-in, and the refresh of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.auth_flows import begin
from localcloud.userpool.pools import require_client

FLOWS = frozenset(
    {"USER_SRP_AUTH", "USER_PASSWORD_AUTH", "CUSTOM_AUTH", "USER_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"}
)


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Begin one of the flows that a client may use without AWS credentials."""
    pool, client = require_client(ctx, request["ClientId"])
    return begin(ctx, pool, client, FLOWS, request)
