"""ListUsersInGroup: who is in a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages, wire
from localcloud.userpool.accounts.groups import require_group
from localcloud.userpool.accounts.users import users_by_sub
from localcloud.userpool.models import Membership
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of users, by sub."""
    pool = require_pool(ctx, request["UserPoolId"])
    group = require_group(ctx, pool.id, request["GroupName"])
    scope = f"ListUsersInGroup {pool.id} {group.name}"
    size, token = request.get("Limit"), request.get("NextToken")
    with ctx.store.transaction():
        members, token = pages.read(ctx, Membership, scope, size, token, pool_id=pool.id, group_name=group.name)
        users = users_by_sub(ctx, pool, [member.sub for member in members])
    there = [users[member.sub] for member in members if member.sub in users]
    return pages.answer("Users", [wire.user_type(user) for user in there], token)
