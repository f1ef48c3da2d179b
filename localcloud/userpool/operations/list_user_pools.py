"""ListUserPools: the pools of the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.models import UserPool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of pools, by id."""
    pools, token = pages.read(ctx, UserPool, "ListUserPools", request["MaxResults"], request.get("NextToken"))
    shown = [
        {
            "Id": pool.id,
            "Name": pool.config["PoolName"],
            "LambdaConfig": pool.triggers,
            "CreationDate": pool.created,
            "LastModifiedDate": pool.modified,
        }
        for pool in pools
    ]
    return pages.answer("UserPools", shown, token)
