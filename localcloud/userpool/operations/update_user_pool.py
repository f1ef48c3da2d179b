"""UpdateUserPool: other settings for a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import plans, pool_settings, risks
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the settings; whatever the request leaves out goes back to its default, as on AWS."""
    settings = {name: value for name, value in request.items() if name != "UserPoolId"}
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        config = pool_settings.updated(pool, settings)
        plans.check(ctx, pool.id, config)
        risks.check_enforced(ctx, pool.id, config)
        ctx.store.put(replaced(pool, config=config, modified=ctx.now))
    return {}
