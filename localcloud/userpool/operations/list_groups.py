"""ListGroups: the groups of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages, wire
from localcloud.userpool.models import Group
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of groups, by name."""
    pool = require_pool(ctx, request["UserPoolId"])
    size, token = request.get("Limit"), request.get("NextToken")
    groups, token = pages.read(ctx, Group, f"ListGroups {pool.id}", size, token, pool_id=pool.id)
    return pages.answer("Groups", [wire.group_type(group) for group in groups], token)
