"""DeleteUserPoolReplica: a replica goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration import replicas
from localcloud.userpool.configuration.pool_state import Replica
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove one that is inactive; it is gone as soon as this has answered that it is going."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        replica = replicas.require_secondary(ctx, pool, request["RegionName"])
        if replica.status != "INACTIVE":
            raise AwsError("InvalidParameterException", "A replica that is active cannot be deleted.")
        ctx.store.delete(Replica, pool.id, replica.region)
    return {"UserPoolReplica": replicas.describe(ctx, replica, "DELETING")}
