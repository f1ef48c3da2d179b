"""GetIdentityProviderByIdentifier: the provider that has an identifier, such as a company's domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import identity_providers
from localcloud.userpool.providers.federation_state import IdentityProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The provider, with its settings. Raises ResourceNotFoundException."""
    pool, identifier = require_pool(ctx, request["UserPoolId"]), request["IdpIdentifier"]
    for provider in ctx.store.find(IdentityProvider, pool_id=pool.id):
        if identifier in provider.identifiers:
            return {"IdentityProvider": identity_providers.describe(ctx, provider)}
    raise AwsError("ResourceNotFoundException", f"Identity provider with identifier {identifier} does not exist.")
