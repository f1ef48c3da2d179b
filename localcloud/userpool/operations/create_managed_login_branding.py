"""CreateManagedLoginBranding: a style for an app client's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import branding_styles, ids
from localcloud.userpool.federation_state import Branding
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it, for a client that has none."""
    if request.get("Settings") is None and not request.get("UseCognitoProvidedValues"):
        raise branding_styles.neither_nor_both()
    with ctx.store.transaction():
        pool, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
        if branding_styles.of_client(ctx, client.id):
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
        style = branding_styles.changed(empty, request, ctx.now)
        ctx.store.insert(style)
    return {"ManagedLoginBranding": branding_styles.describe(style)}
