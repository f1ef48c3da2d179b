"""DeleteIdentityProvider: nobody signs in by this provider any more; its users stay in the pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers.federation_state import IdentityProvider
from localcloud.userpool.providers.identity_providers import require_provider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the provider."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        ctx.store.delete(IdentityProvider, pool.id, require_provider(ctx, pool.id, request["ProviderName"]).name)
    return {}
