"""AddUserPoolClientSecret: a second secret for an app client, to change over to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import ids
from localcloud.userpool.configuration import client_secrets
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add it; the answer shows one that was made here, and never one that the caller brought."""
    own = request.get("ClientSecret")
    secret = own or ids.client_secret(ctx)
    with ctx.store.transaction():
        _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
        if not client.secrets:
            raise AwsError("InvalidParameterException", f"Client {client.id} was made without a client secret.")
        client = client_secrets.added(client, secret, ctx.now)
        ctx.store.put(client)
    shown = client_secrets.describe([*client.secrets][-1])
    return {"ClientSecretDescriptor": shown if own else {**shown, "ClientSecretValue": secret}}
