"""CreateIdentityPool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import pools, wire


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make a pool. Raises InvalidParameterException for settings that do not work here."""
    return wire.pool(pools.create(ctx, request))
