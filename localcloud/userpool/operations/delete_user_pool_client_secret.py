"""DeleteUserPoolClientSecret: a secret that is no longer in use goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import client_secrets
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Delete it; what it proved is refused from now on. The last one stays."""
    with ctx.store.transaction():
        _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
        ctx.store.put(client_secrets.without(client, request["ClientSecretId"], ctx.now))
    return {}
