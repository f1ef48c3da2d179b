"""SetUICustomization: CSS and a logo for the classic pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.branding import classic
from localcloud.userpool.pools import require_client, require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Put both in place of what was there: for one client, or for all that have none of their own."""
    client_id = request.get("ClientId") or classic.ALL
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        if client_id != classic.ALL:
            require_client(ctx, client_id, pool.id)
        classic.require_domain(ctx, pool.id)
        css, image = request.get("CSS") or "", request.get("ImageFile") or ""
        kept = classic.of_request(ctx, pool.id, client_id, css, image)
        ctx.store.put(kept)
    return {"UICustomization": classic.describe(kept)}
