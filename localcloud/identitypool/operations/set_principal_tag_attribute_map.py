"""SetPrincipalTagAttributeMap: which claims of a provider become session tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import principal_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the map of one provider. Raises InvalidParameterException and ResourceNotFoundException."""
    return principal_tags.set_map(ctx, request)
