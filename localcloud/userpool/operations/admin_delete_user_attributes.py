"""AdminDeleteUserAttributes: an administrator removes a user's attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.attribute_changes import delete_attributes
from localcloud.userpool.pools import require_pool
from localcloud.userpool.users import require_user


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the named attributes."""
    pool = require_pool(ctx, request["UserPoolId"])
    delete_attributes(ctx, pool, require_user(ctx, pool, request["Username"]), request["UserAttributeNames"])
    return {}
