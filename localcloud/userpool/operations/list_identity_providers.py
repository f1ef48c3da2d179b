"""ListIdentityProviders: the providers of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers.federation_state import IdentityProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of providers, by name."""
    pool = require_pool(ctx, request["UserPoolId"])
    scope, size, token = f"ListIdentityProviders {pool.id}", request.get("MaxResults"), request.get("NextToken")
    providers, token = pages.read(ctx, IdentityProvider, scope, size, token, pool_id=pool.id)
    shown = [
        {
            "ProviderName": provider.name,
            "ProviderType": provider.type,
            "LastModifiedDate": provider.modified,
            "CreationDate": provider.created,
        }
        for provider in providers
    ]
    return pages.answer("Providers", shown, token)
