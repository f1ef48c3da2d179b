"""GetPrincipalTagAttributeMap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import principal_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Show the map of one provider. Raises InvalidParameterException and ResourceNotFoundException."""
    return principal_tags.get_map(ctx, request)
