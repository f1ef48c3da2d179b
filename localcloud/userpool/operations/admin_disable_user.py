"""AdminDisableUser: a user may not sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.pools import require_pool
from localcloud.userpool.tokens import revoke_all


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Disable the user and revoke its tokens."""
    pool = require_pool(ctx, request["UserPoolId"])
    with ctx.store.transaction():
        user = require_user(ctx, pool, request["Username"])
        update_user(ctx, pool, user.sub, lambda kept: replaced(kept, enabled=False))
        revoke_all(ctx, user)
    return {}
