"""DescribeRiskConfiguration: what threat protection does, for a pool or for one app client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import risks
from localcloud.userpool.configuration.pool_state import RiskConfiguration
from localcloud.userpool.pools import require_client, require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as it was set; of a client, its own only."""
    pool, client_id = require_pool(ctx, request["UserPoolId"]), request.get("ClientId") or ""
    if client_id:
        require_client(ctx, client_id, pool.id)
    kept = ctx.store.get(RiskConfiguration, pool.id, client_id)
    return {"RiskConfiguration": risks.describe(pool.id, client_id, kept)}
