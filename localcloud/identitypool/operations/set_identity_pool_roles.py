"""SetIdentityPoolRoles: the roles of signed-in users and of guests, and who gets another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import roles


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a pool's roles and role mappings. Raises what `roles.replace` does."""
    roles.replace(ctx, request)
    return {}
