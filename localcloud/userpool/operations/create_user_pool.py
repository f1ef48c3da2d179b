"""CreateUserPool: a new pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import ids
from localcloud.userpool.configuration import pool_settings, risks
from localcloud.userpool.configuration.descriptions import describe_pool
from localcloud.userpool.models import UserPool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it with AWS's defaults for whatever is not said."""
    pool = UserPool(ids.pool_id(ctx), pool_settings.new_pool(request), created=ctx.now, modified=ctx.now)
    risks.check_enforced(ctx, pool.id, pool.config)
    ctx.store.insert(pool)
    return {"UserPool": describe_pool(ctx, pool)}
