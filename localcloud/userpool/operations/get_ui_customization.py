"""GetUICustomization: CSS and logo of the classic pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.branding import classic
from localcloud.userpool.pools import require_client, require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """What counts for a client, or for the pool; nothing where nobody set any."""
    pool = require_pool(ctx, request["UserPoolId"])
    client_id = request.get("ClientId") or classic.ALL
    if client_id != classic.ALL:
        require_client(ctx, client_id, pool.id)
    classic.require_domain(ctx, pool.id)
    kept = classic.find(ctx, pool.id, client_id)
    return {"UICustomization": classic.describe(kept) if kept else {}}
