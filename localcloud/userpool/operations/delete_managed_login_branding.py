"""DeleteManagedLoginBranding: a style goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.branding import styles
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers.federation_state import Branding


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it; its client may have another one then."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        style = styles.require(ctx, pool.id, request["ManagedLoginBrandingId"])
        ctx.store.delete(Branding, pool.id, style.id)
    return {}
