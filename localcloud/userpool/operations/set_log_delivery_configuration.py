"""SetLogDeliveryConfiguration: where a pool's logs go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import log_delivery
from localcloud.userpool.configuration.pool_state import LogDelivery
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace all of it; an empty list ends all delivery."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        log_delivery.check(ctx, pool, request["LogConfigurations"])
        ctx.store.put(LogDelivery(pool.id, list(request["LogConfigurations"])))
    return {"LogDeliveryConfiguration": log_delivery.describe(ctx, pool.id)}
