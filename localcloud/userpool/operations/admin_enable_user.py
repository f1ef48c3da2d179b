"""AdminEnableUser: a disabled user may sign in again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Enable the user; sign-ins that ended stay ended."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    update_user(ctx, pool, user.sub, lambda kept: replaced(kept, enabled=True))
    return {}
