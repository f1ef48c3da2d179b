"""UpdateManagedLoginBranding: other settings and images for a style."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.branding import styles
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Change what the request names; the rest stays, unless Cognito's own values are wanted again."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request.get("UserPoolId") or "")
        style = styles.require(ctx, pool.id, request.get("ManagedLoginBrandingId") or "")
        style = styles.changed(style, request, ctx.now)
        ctx.store.put(style)
    return {"ManagedLoginBranding": styles.describe(style)}
