"""UpdateIdentityPool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import pools, wire


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a pool's settings. Raises InvalidParameterException and ResourceNotFoundException."""
    return wire.pool(pools.update(ctx, request["IdentityPoolId"], request))
