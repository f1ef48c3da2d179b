"""DeleteManagedLoginBranding: a style goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import branding_styles
from localcloud.userpool.federation_state import Branding
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it; its client may have another one then."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        style = branding_styles.require(ctx, pool.id, request["ManagedLoginBrandingId"])
        ctx.store.delete(Branding, pool.id, style.id)
    return {}
