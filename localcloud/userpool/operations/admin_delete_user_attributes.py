"""AdminDeleteUserAttributes: an administrator removes a user's attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.attribute_changes import delete_attributes
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the named attributes."""
    pool = require_pool(ctx, request["UserPoolId"])
    delete_attributes(ctx, pool, require_user(ctx, pool, request["Username"]), request["UserAttributeNames"])
    return {}
