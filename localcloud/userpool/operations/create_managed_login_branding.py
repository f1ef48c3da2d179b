"""CreateManagedLoginBranding: a style for an app client's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import ids
from localcloud.userpool.branding import styles
from localcloud.userpool.pools import require_client
from localcloud.userpool.providers.federation_state import Branding


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it, for a client that has none."""
    if request.get("Settings") is None and not request.get("UseCognitoProvidedValues"):
        raise styles.neither_nor_both()
    with ctx.store.transaction():
        pool, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
        if styles.of_client(ctx, client.id):
            message = f"A ManagedLoginBranding already exists for client {client.id}"
            raise AwsError("ManagedLoginBrandingExistsException", message)
        empty = Branding(
            pool_id=pool.id,
            id=ids.uuid4(ctx),
            client_id=client.id,
            uses_defaults=False,
            settings={},
            assets=[],
            created=ctx.now,
            modified=ctx.now,
        )
        style = styles.changed(empty, request, ctx.now)
        ctx.store.insert(style)
    return {"ManagedLoginBranding": styles.describe(style)}
