"""UpdateManagedLoginBranding: other settings and images for a style."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.branding import styles
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Change what the request names; the rest stays, unless Cognito's own values are wanted again."""
    with ctx.store.transaction():
        pool = require_pool(ctx, _required(request, "UserPoolId"))
        style = styles.require(ctx, pool.id, _required(request, "ManagedLoginBrandingId"))
        style = styles.changed(style, request, ctx.now)
        ctx.store.put(style)
    return {"ManagedLoginBranding": styles.describe(style)}


def _required(request: Mapping[str, Any], name: str) -> str:
    """A member that the model calls optional, and without which there is nothing to change."""
    if not request.get(name):
        raise AwsError("InvalidParameterException", f"{name} is required.")
    return str(request[name])
