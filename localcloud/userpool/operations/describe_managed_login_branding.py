"""DescribeManagedLoginBranding: one style."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.branding import styles
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The style of that id, on request with the settings that nobody made."""
    pool = require_pool(ctx, request["UserPoolId"])
    style = styles.require(ctx, pool.id, request["ManagedLoginBrandingId"])
    merged = bool(request.get("ReturnMergedResources"))
    return {"ManagedLoginBranding": styles.describe(style, with_defaults=merged)}
