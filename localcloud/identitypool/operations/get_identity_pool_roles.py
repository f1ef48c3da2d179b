"""GetIdentityPoolRoles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Show a pool's roles and role mappings. Raises ResourceNotFoundException."""
    pool = require_pool(ctx, request["IdentityPoolId"])
    answer: dict[str, Any] = {"IdentityPoolId": pool.id, "Roles": pool.roles}
    return {**answer, "RoleMappings": pool.role_mappings} if pool.role_mappings else answer
