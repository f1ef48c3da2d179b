"""AdminSetUserPassword: an administrator gives a user a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.models import User
from localcloud.userpool.passwords import with_password
from localcloud.userpool.pools import require_pool
from localcloud.userpool.users import require_user, update_user


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A permanent one, or one that the user must replace at the next sign-in."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    permanent = bool(request.get("Permanent"))
    secret = with_password(ctx, pool, user, request["Password"], temporary=not permanent)

    def change(kept: User) -> User:
        return replaced(
            kept,
            salt=secret.salt,
            verifier=secret.verifier,
            temporary_until=secret.temporary_until,
            status="CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD",
        )

    update_user(ctx, pool, user.sub, change)
    return {}
