"""CreateUserPoolReplica: a pool is to be in another Region as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import replicas
from localcloud.userpool.pool_state import Replica
from localcloud.userpool.pools import require_pool
from localcloud.userpool.settings import unsupported


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it; it is there, and inactive, as soon as this has answered that it is being made."""
    if request.get("UserPoolTags"):
        raise unsupported("UserPoolTags")
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        replicas.check_may_have(ctx, pool, request["RegionName"])
        made = Replica(pool.id, request["RegionName"], "INACTIVE")
        ctx.store.insert(made)
    return {"UserPoolReplica": replicas.describe(ctx, made, "CREATING")}
