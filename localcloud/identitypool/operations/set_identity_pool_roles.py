"""SetIdentityPoolRoles: the roles of signed-in users and of guests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.identitypool import pools


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a pool's roles. Raises ResourceNotFoundException, and InvalidParameterException for role mappings."""
    if request.get("RoleMappings"):
        raise AwsError("InvalidParameterException", "RoleMappings is not supported by the local cloud.")
    pools.set_roles(ctx, request["IdentityPoolId"], request["Roles"])
    return {}
