"""DeleteIdentityPool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import pools


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove a pool and its identities. Raises ResourceNotFoundException."""
    pools.delete(ctx, request["IdentityPoolId"])
    return {}
