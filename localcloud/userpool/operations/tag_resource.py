"""TagResource: tags for a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags, or give those that are there other values."""
    with ctx.store.transaction():
        pool = tags.tagged_pool(ctx, request["ResourceArn"])
        wanted = {**pool.config["UserPoolTags"], **request["Tags"]}
        tags.check(wanted)
        ctx.store.put(replaced(pool, config={**pool.config, "UserPoolTags": wanted}))
    return {}
