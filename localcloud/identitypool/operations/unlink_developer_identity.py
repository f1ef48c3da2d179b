"""UnlinkDeveloperIdentity: a backend's user leaves an identity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import developer_identities
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Unlink the user, who is a new identity when next seen. Raises what `developer_identities.unlink` does."""
    pool = require_pool(ctx, request["IdentityPoolId"])
    developer_identities.check_provider(pool, request["DeveloperProviderName"])
    developer_identities.unlink(ctx, pool, request["IdentityId"], request["DeveloperUserIdentifier"])
    return {}
