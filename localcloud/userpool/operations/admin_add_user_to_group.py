"""AdminAddUserToGroup: a user joins a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.groups import require_group
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.models import Membership
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add it; the user's next tokens say so."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        user = require_user(ctx, pool, request["Username"])
        group = require_group(ctx, pool.id, request["GroupName"])
        ctx.store.put(Membership(pool.id, user.sub, group.name))
    return {}
