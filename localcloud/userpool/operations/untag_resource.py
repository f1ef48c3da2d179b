"""UntagResource: tags of a pool go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the tags of these keys; those that are not there are no error."""
    with ctx.store.transaction():
        pool = tags.tagged_pool(ctx, request["ResourceArn"])
        gone = set(request["TagKeys"])
        kept = {key: value for key, value in pool.config["UserPoolTags"].items() if key not in gone}
        ctx.store.put(replaced(pool, config={**pool.config, "UserPoolTags": kept}))
    return {}
