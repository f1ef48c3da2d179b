"""UntagResource: tags of a pool go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import pools


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the tags of these keys; those that are not there are no error."""
    with ctx.store.transaction():
        pool = pools.require_tagged(ctx, request["ResourceArn"])
        kept = {key: value for key, value in pool.tags.items() if key not in request["TagKeys"]}
        pools.change(ctx, pool.id, config={**pool.config, "IdentityPoolTags": kept})
    return {}
