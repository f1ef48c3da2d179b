"""UnlinkIdentity: take a login from an identity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import identities, logins, openid_tokens
from localcloud.identitypool.pools import require_pool
from localcloud.identitypool.providers import canonical_name


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Unlink logins; a caller who has proven one may. Raises NotAuthorizedException and InvalidParameterException."""
    identity = identities.require_identity(ctx, request["IdentityId"])
    pool = require_pool(ctx, identity.pool_id)
    proven = logins.verify(ctx, pool, openid_tokens.refuse_own(request["Logins"]))
    removed = [canonical_name(ctx.cloud, provider) for provider in request["LoginsToRemove"]]
    identities.unlink(ctx, pool, identity, proven, removed)
    return {}
