"""GetIdentityPoolRoles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Show a pool's roles. Raises ResourceNotFoundException."""
    pool = require_pool(ctx, request["IdentityPoolId"])
    return {"IdentityPoolId": pool.id, "Roles": pool.roles}
