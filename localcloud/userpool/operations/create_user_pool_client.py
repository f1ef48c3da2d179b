"""CreateUserPoolClient: a new app client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import ids, wire
from localcloud.userpool.configuration import client_secrets, client_settings
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import require_pool

_NOT_SETTINGS = ("UserPoolId", "GenerateSecret", "ClientSecret")


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it, with a secret if one is wanted."""
    own_secret = request.get("ClientSecret")
    if own_secret and request.get("GenerateSecret"):
        raise AwsError("InvalidParameterException", "ClientSecret cannot be given when GenerateSecret is true.")
    secret = own_secret or (ids.client_secret(ctx) if request.get("GenerateSecret") else "")
    settings = {name: value for name, value in request.items() if name not in _NOT_SETTINGS}
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        config = client_settings.made(ctx, pool, settings, has_secret=bool(secret))
        client = AppClient(ids.client_id(ctx), pool.id, {}, config, created=ctx.now, modified=ctx.now)
        if secret:
            client = client_secrets.added(client, secret, ctx.now)
        ctx.store.insert(client)
    return {"UserPoolClient": wire.client_type(client)}
