"""UpdateResourceServer: another name, other scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import resource_servers
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace it; scopes that the request leaves out are gone, as on AWS."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        resource_servers.require(ctx, pool.id, request["Identifier"])
        server = resource_servers.of_request(pool.id, request)
        ctx.store.put(server)
    return {"ResourceServer": resource_servers.describe(server)}
