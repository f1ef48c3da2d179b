"""SetRiskConfiguration: what threat protection does, for a pool or for one app client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import risks
from localcloud.userpool.configuration.pool_state import RiskConfiguration
from localcloud.userpool.pools import require_client, require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace all of it; a request that names nothing resets it to the defaults, or a client to its pool's."""
    client_id, config = request.get("ClientId") or "", risks.wanted(request)
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        if client_id:
            require_client(ctx, client_id, pool.id)
        kept = RiskConfiguration(pool.id, client_id, config, ctx.now) if config else None
        if kept:
            ctx.store.put(kept)
        else:
            ctx.store.delete(RiskConfiguration, pool.id, client_id)
        risks.check_enforced(ctx, pool.id, pool.config)
    return {"RiskConfiguration": risks.describe(pool.id, client_id, kept)}
