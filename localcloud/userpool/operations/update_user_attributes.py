"""UpdateUserAttributes: a user changes what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts import attributes
from localcloud.userpool.accounts.attribute_changes import update_by_user
from localcloud.userpool.pools import require_client
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Set attributes; a new address waits for its code where the pool says so."""
    pool, user, claims = verify_access(ctx, request["AccessToken"])
    _, client = require_client(ctx, claims["client_id"])
    given = attributes.read_list(request["UserAttributes"])
    sent = update_by_user(ctx, pool, client, user, given, request.get("ClientMetadata"))
    return {"CodeDeliveryDetailsList": sent}
