"""AddCustomAttributes: more attributes for a pool's schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import schema
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add them; nothing can be changed or removed afterwards."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        attributes = schema.with_custom(pool.config["SchemaAttributes"], request["CustomAttributes"])
        ctx.store.put(replaced(pool, config={**pool.config, "SchemaAttributes": attributes}, modified=ctx.now))
    return {}
