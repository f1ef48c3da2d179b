"""AdminDeleteUser: a user goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import delete_user, require_user
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the user with its devices, tokens and memberships."""
    pool = require_pool(ctx, request["UserPoolId"])
    delete_user(ctx, require_user(ctx, pool, request["Username"]))
    return {}
