"""GlobalSignOut: a user ends all its sign-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.tokens import revoke_all, verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Revoke every refresh token of the user, and with them the access tokens."""
    _, user, _ = verify_access(ctx, request["AccessToken"])
    revoke_all(ctx, user)
    return {}
