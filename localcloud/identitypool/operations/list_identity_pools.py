"""ListIdentityPools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import wire
from localcloud.identitypool.models import IdentityPool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of pools, by id. Raises InvalidParameterException."""
    found, more = wire.page(ctx, IdentityPool, request)
    return {"IdentityPools": [{"IdentityPoolId": pool.id, "IdentityPoolName": pool.name} for pool in found], **more}
