"""ListUserPoolReplicas: in which Regions a pool is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import replicas
from localcloud.userpool.configuration.pool_state import Replica
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The pool itself and its replicas; there is no second page."""
    pool = require_pool(ctx, request["UserPoolId"])
    others = [replicas.describe(ctx, replica) for replica in ctx.store.find(Replica, pool_id=pool.id)]
    return {"UserPoolReplicas": [replicas.describe_primary(ctx, pool), *others]}
