"""AdminUpdateUserAttributes: an administrator changes a user's attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts import attributes
from localcloud.userpool.accounts.attribute_changes import update_by_admin
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Set attributes; an address given with its `_verified` counts at once."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    update_by_admin(ctx, pool, user, attributes.read_list(request["UserAttributes"]), request.get("ClientMetadata"))
    return {}
