"""UpdateUserPoolClient: other settings for an app client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool import wire
from localcloud.userpool.configuration import client_settings
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the settings; whatever the request leaves out goes back to its default, as on AWS."""
    settings = {name: value for name, value in request.items() if name not in ("UserPoolId", "ClientId")}
    with ctx.store.transaction():
        pool, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
        config = client_settings.updated(ctx, pool, client, settings)
        client = replaced(client, config=config, modified=ctx.now)
        ctx.store.put(client)
    return {"UserPoolClient": wire.client_type(client)}
