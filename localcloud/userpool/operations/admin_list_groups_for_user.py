"""AdminListGroupsForUser: the groups that a user is in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages, wire
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.models import Group, Membership
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of groups, by name."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    scope = f"AdminListGroupsForUser {pool.id} {user.sub}"
    size, token = request.get("Limit"), request.get("NextToken")
    with ctx.store.transaction():
        members, token = pages.read(ctx, Membership, scope, size, token, pool_id=pool.id, sub=user.sub)
        groups = [group for member in members if (group := ctx.store.get(Group, pool.id, member.group_name))]
    return pages.answer("Groups", [wire.group_type(group) for group in groups], token)
