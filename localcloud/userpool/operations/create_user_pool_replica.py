"""CreateUserPoolReplica: a pool is to be in another Region as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import replicas
from localcloud.userpool.configuration.pool_state import Replica
from localcloud.userpool.configuration.settings import unsupported
from localcloud.userpool.pools import require_pool


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
