"""ListUserPoolClients: the app clients of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of clients, by id."""
    pool = require_pool(ctx, request["UserPoolId"])
    scope = f"ListUserPoolClients {pool.id}"
    size, token = request.get("MaxResults"), request.get("NextToken")
    clients, token = pages.read(ctx, AppClient, scope, size, token, pool_id=pool.id)
    shown = [
        {"ClientId": client.id, "UserPoolId": client.pool_id, "ClientName": client.config["ClientName"]}
        for client in clients
    ]
    return pages.answer("UserPoolClients", shown, token)
