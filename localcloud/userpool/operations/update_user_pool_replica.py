"""UpdateUserPoolReplica: a replica is to serve users, or to stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import replicas
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Set the status."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        replica = replicas.require_secondary(ctx, pool, request["RegionName"])
        changed = replaced(replica, status=request["Status"])
        ctx.store.put(changed)
    return {"UserPoolReplica": replicas.describe(ctx, changed)}
