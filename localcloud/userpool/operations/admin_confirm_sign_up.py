"""AdminConfirmSignUp: an administrator confirms a new user without a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import triggers
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.models import User
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Confirm the user; its addresses stay unverified. Then the post confirmation trigger runs."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = update_user(ctx, pool, require_user(ctx, pool, request["Username"]).sub, _confirmed)
    triggers.post_confirmation(ctx, pool, "", user, "ConfirmSignUp", request.get("ClientMetadata") or {})
    return {}


def _confirmed(user: User) -> User:
    if user.status != "UNCONFIRMED":
        raise AwsError("NotAuthorizedException", f"User cannot be confirmed. Current status is {user.status}")
    return replaced(user, status="CONFIRMED")
