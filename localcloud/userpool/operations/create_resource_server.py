"""CreateResourceServer: a new API with scopes of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import AlreadyExistsError
from localcloud.userpool.configuration import resource_servers
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers.federation_state import ResourceServer


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it, under an identifier that is unique in its pool."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        if ctx.store.count(ResourceServer, pool_id=pool.id) >= resource_servers.MOST:
            raise AwsError("LimitExceededException", "Maximum number of resource servers reached for the user pool.")
        server = resource_servers.of_request(pool.id, request)
        try:
            ctx.store.insert(server)
        except AlreadyExistsError as error:
            message = f"{server.identifier} already exists in user pool {pool.id}."
            raise AwsError("InvalidParameterException", message) from error
    return {"ResourceServer": resource_servers.describe(server)}
