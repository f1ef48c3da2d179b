"""DescribeResourceServer: one API and its scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import resource_servers
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The resource server of that identifier."""
    pool = require_pool(ctx, request["UserPoolId"])
    server = resource_servers.require(ctx, pool.id, request["Identifier"])
    return {"ResourceServer": resource_servers.describe(server)}
