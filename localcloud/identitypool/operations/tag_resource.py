"""TagResource: tags for a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import pools
from localcloud.userpool.configuration import tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags, or give those that are there other values."""
    with ctx.store.transaction():
        pool = pools.require_tagged(ctx, request["ResourceArn"])
        wanted = {**pool.tags, **request["Tags"]}
        tags.check(wanted)
        pools.change(ctx, pool.id, config={**pool.config, "IdentityPoolTags": wanted})
    return {}
