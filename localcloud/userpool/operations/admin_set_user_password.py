"""AdminSetUserPassword: an administrator gives a user a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.passwords import password_fields
from localcloud.userpool.pools import require_pool
from localcloud.userpool.users import require_user, update_user


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A permanent one, or one that the user must replace at the next sign-in."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    permanent = bool(request.get("Permanent"))
    secret = password_fields(ctx, pool, user.username, request["Password"], temporary=not permanent)
    status = "CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD"
    update_user(ctx, pool, user.sub, lambda kept: replaced(kept, **secret, status=status))
    return {}
