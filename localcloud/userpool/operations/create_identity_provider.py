"""CreateIdentityProvider: a provider whose users may sign in to a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import AlreadyExistsError
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import identity_providers
from localcloud.userpool.providers.federation_state import IdentityProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it. Raises DuplicateProviderException where the pool has one of that name."""
    pool_id, name, kind = request["UserPoolId"], request["ProviderName"], request["ProviderType"]
    require_pool(ctx, pool_id)
    identity_providers.check_name(name, kind)
    # Before the transaction: it may ask the network.
    details, issuer = identity_providers.read_details(ctx, kind, request["ProviderDetails"])
    with ctx.store.transaction():
        pool = require_pool(ctx, pool_id)
        provider = IdentityProvider(
            pool_id=pool.id,
            name=name,
            type=kind,
            details=details,
            mapping=identity_providers.read_mapping(pool, kind, request.get("AttributeMapping") or {}),
            identifiers=identity_providers.check_identifiers(ctx, pool.id, name, request.get("IdpIdentifiers") or ()),
            created=ctx.now,
            modified=ctx.now,
            issuer=issuer,
        )
        if ctx.store.count(IdentityProvider, pool_id=pool.id) >= identity_providers.MOST:
            message = f"A user pool has at most {identity_providers.MOST} identity providers."
            raise AwsError("LimitExceededException", message)
        try:
            ctx.store.insert(provider)
        except AlreadyExistsError as error:
            message = f"{name} already exists in user pool {pool.id}"
            raise AwsError("DuplicateProviderException", message) from error
    return {"IdentityProvider": identity_providers.describe(ctx, provider)}
