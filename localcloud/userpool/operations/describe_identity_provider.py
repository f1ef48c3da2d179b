"""DescribeIdentityProvider: a provider of a pool, with its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import identity_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The provider of that name."""
    pool = require_pool(ctx, request["UserPoolId"])
    provider = identity_providers.require_provider(ctx, pool.id, request["ProviderName"])
    return {"IdentityProvider": identity_providers.describe(ctx, provider)}
