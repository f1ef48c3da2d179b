"""DeleteUserAttributes: a user removes attributes of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts import attributes
from localcloud.userpool.accounts.attribute_changes import delete_attributes
from localcloud.userpool.pools import require_client
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the named attributes."""
    pool, user, claims = verify_access(ctx, request["AccessToken"])
    _, client = require_client(ctx, claims["client_id"])
    attributes.check_writable(client, request["UserAttributeNames"])
    delete_attributes(ctx, pool, user, request["UserAttributeNames"])
    return {}
