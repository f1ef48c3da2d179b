"""MergeDeveloperIdentities: two users of a backend are one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import developer_identities
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Give the source's logins to the destination's identity. Raises what `developer_identities.merge` does."""
    pool = require_pool(ctx, request["IdentityPoolId"])
    developer_identities.check_provider(pool, request["DeveloperProviderName"])
    source, destination = request["SourceUserIdentifier"], request["DestinationUserIdentifier"]
    return {"IdentityId": developer_identities.merge(ctx, pool, source, destination).id}
