"""DeleteUserPoolClient: an app client goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it; its refresh tokens are then worth nothing."""
    _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
    ctx.store.delete(AppClient, client.id)
    return {}
