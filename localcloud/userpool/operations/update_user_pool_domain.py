"""UpdateUserPoolDomain: other pages under a pool's domain prefix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import domains
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Change the version of its pages; without one, nothing changes."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        domain = domains.require(ctx, request["Domain"], pool.id)
        version = domains.wanted_version(pool, request, domain.version)
        ctx.store.put(replaced(domain, version=version))
    return {"ManagedLoginVersion": version}
