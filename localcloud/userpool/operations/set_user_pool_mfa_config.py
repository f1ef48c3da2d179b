"""SetUserPoolMfaConfig: MFA off, optional or on, and with which factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import mfa_config
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Set the whole configuration at once: a factor that is not named is off."""
    settings = {name: value for name, value in request.items() if name != "UserPoolId"}
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        pool = replaced(pool, config=mfa_config.changed(pool, settings), modified=ctx.now)
        ctx.store.put(pool)
    return mfa_config.shown(pool)
