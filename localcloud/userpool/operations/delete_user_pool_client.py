"""DeleteUserPoolClient: an app client goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration.pool_state import RiskConfiguration, Terms
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import require_client
from localcloud.userpool.providers.federation_state import Branding, UiCustomization


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it, and what was set up for it; its refresh tokens are then worth nothing."""
    with ctx.store.transaction():
        _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
        ctx.store.delete(AppClient, client.id)
        for kind in (Branding, Terms):
            ctx.store.delete_where(kind, client_id=client.id)
        for of_pool in (UiCustomization, RiskConfiguration):
            ctx.store.delete(of_pool, client.pool_id, client.id)
    return {}
