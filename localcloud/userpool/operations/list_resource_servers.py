"""ListResourceServers: the APIs of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.configuration import resource_servers
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers.federation_state import ResourceServer


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of resource servers, by identifier."""
    pool = require_pool(ctx, request["UserPoolId"])
    size, token = request.get("MaxResults"), request.get("NextToken")
    servers, token = pages.read(ctx, ResourceServer, f"ListResourceServers {pool.id}", size, token, pool_id=pool.id)
    return pages.answer("ResourceServers", [resource_servers.describe(server) for server in servers], token)
