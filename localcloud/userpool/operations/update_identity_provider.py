"""UpdateIdentityProvider: a provider's details, mapping or identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import identity_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Put what the request names in place of what was there; the rest stays.

    Raises ConcurrentModificationException where the provider was changed meanwhile.
    """
    pool = require_pool(ctx, request["UserPoolId"])
    old = identity_providers.require_provider(ctx, pool.id, request["ProviderName"])
    changes: dict[str, Any] = {"modified": ctx.now}
    if (given := request.get("ProviderDetails")) is not None:
        # Before the transaction: it may ask the network.
        changes["details"], changes["issuer"] = identity_providers.read_details(ctx, old.type, given, old.details)
    if (mapping := request.get("AttributeMapping")) is not None:
        changes["mapping"] = identity_providers.read_mapping(pool, old.type, mapping)
    with ctx.store.transaction():
        if identity_providers.require_provider(ctx, pool.id, old.name) != old:
            raise AwsError("ConcurrentModificationException", f"Identity provider {old.name} is being changed.")
        if (identifiers := request.get("IdpIdentifiers")) is not None:
            changes["identifiers"] = identity_providers.check_identifiers(ctx, pool.id, old.name, identifiers)
        provider = replaced(old, **changes)
        ctx.store.put(provider)
    return {"IdentityProvider": identity_providers.describe(ctx, provider)}
