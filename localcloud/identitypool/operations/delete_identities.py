"""DeleteIdentities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import identities
from localcloud.identitypool.models import Identity


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove identities; one that is gone already is no failure."""
    with ctx.store.transaction():
        for identity_id in request["IdentityIdsToDelete"]:
            if identity := ctx.store.get(Identity, identity_id):
                identities.delete(ctx, identity)
    return {"UnprocessedIdentityIds": []}
