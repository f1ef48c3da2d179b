"""DeleteUser: a user removes itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts import users
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the user with all that hangs on it."""
    _, user, _ = verify_access(ctx, request["AccessToken"])
    users.delete_user(ctx, user)
    return {}
