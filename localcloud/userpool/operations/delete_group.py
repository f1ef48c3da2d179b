"""DeleteGroup: a group goes, its users stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.groups import require_group
from localcloud.userpool.models import Group, Membership
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the group and who was in it."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        group = require_group(ctx, pool.id, request["GroupName"])
        ctx.store.delete(Group, pool.id, group.name)
        ctx.store.delete_where(Membership, pool_id=pool.id, group_name=group.name)
    return {}
