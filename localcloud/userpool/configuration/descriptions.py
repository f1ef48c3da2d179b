"""A user pool as DescribeUserPool shows it."""

from __future__ import annotations

from typing import Any

from localcloud.context import Context
from localcloud.userpool import wire
from localcloud.userpool.configuration.pool_settings import INTERNAL
from localcloud.userpool.models import Domain, User, UserPool


def describe_pool(ctx: Context, pool: UserPool) -> dict[str, Any]:
    """The `UserPoolType`, with the domain and the number of users."""
    shown = wire.pool_type(pool, ctx.cloud.pool_arn(pool.id), ctx.store.count(User, pool_id=pool.id))
    domains = ctx.store.find(Domain, pool_id=pool.id, limit=1)
    if domains:
        shown["Domain"] = domains[0].domain
    return {name: value for name, value in shown.items() if name not in INTERNAL}
