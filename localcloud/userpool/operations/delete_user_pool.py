"""DeleteUserPool: a pool goes with all that it owns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.pool_state import Replica
from localcloud.userpool.models import KINDS, Domain, UserPool
from localcloud.userpool.pools import require_pool

_PROTECTED = (
    "The user pool cannot be deleted because deletion protection is activated."
    " Deletion protection must be inactivated first."
)
_HAS_DOMAIN = "User pool cannot be deleted. It has a domain configured that should be deleted first."
_HAS_REPLICA = "User pool cannot be deleted. It has a replica that should be deleted first."
_OWNED = tuple(kind for kind in KINDS if "pool_id" in kind.__annotations__)


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the pool, its users and clients. Refused while it is protected, or has a domain or replica."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        if pool.config["DeletionProtection"] == "ACTIVE":
            raise AwsError("InvalidParameterException", _PROTECTED)
        if ctx.store.count(Domain, pool_id=pool.id):
            raise AwsError("InvalidParameterException", _HAS_DOMAIN)
        if ctx.store.count(Replica, pool_id=pool.id):
            raise AwsError("InvalidParameterException", _HAS_REPLICA)
        for kind in _OWNED:
            ctx.store.delete_where(kind, pool_id=pool.id)
        ctx.store.delete(UserPool, pool.id)
    ctx.cloud.keys.pop(pool.id, None)
    return {}
