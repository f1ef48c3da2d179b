"""ListIdentities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.identitypool import wire
from localcloud.identitypool.models import Identity
from localcloud.identitypool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of a pool's identities, by id; disabled ones may be left out of it. Raises ResourceNotFoundException."""
    pool = require_pool(ctx, request["IdentityPoolId"])
    found, more = wire.page(ctx, Identity, request, pool_id=pool.id)
    hidden = bool(request.get("HideDisabled"))
    shown = [wire.identity(ctx, identity) for identity in found if not (hidden and identity.disabled)]
    return {"IdentityPoolId": pool.id, "Identities": shown, **more}
