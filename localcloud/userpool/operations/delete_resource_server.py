"""DeleteResourceServer: an API goes, and its scopes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import resource_servers
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers.federation_state import ResourceServer


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it; clients that were allowed its scopes stay as they are."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        server = resource_servers.require(ctx, pool.id, request["Identifier"])
        ctx.store.delete(ResourceServer, pool.id, server.identifier)
    return {}
