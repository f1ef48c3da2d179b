"""AdminUserGlobalSignOut: all sign-ins of a user end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.pools import require_pool
from localcloud.userpool.tokens import revoke_all


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Revoke every refresh token of the user, and with them the access tokens."""
    pool = require_pool(ctx, request["UserPoolId"])
    revoke_all(ctx, require_user(ctx, pool, request["Username"]))
    return {}
