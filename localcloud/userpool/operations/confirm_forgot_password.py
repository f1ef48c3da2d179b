"""ConfirmForgotPassword: a new password for the code that ForgotPassword sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool import codes, triggers
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.accounts.recovery import recovering
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.factors.passwords import check_policy, password_fields
from localcloud.userpool.limits import lock_out
from localcloud.userpool.models import User
from localcloud.userpool.pools import check_secret_hash, require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Set the new password; the address that got the code counts as verified."""
    pool, client = require_client(ctx, request["ClientId"])
    check_secret_hash(client, request["Username"], request.get("SecretHash"))
    check_policy(pool, request["Password"])
    user, target = recovering(ctx, pool, client, request["Username"])
    lock_out.count(ctx, user, "forgot")
    codes.take(ctx, user, "forgot", user.attributes[target] if target else "", request["ConfirmationCode"])
    if target is None:
        raise codes.mismatch()
    secret = password_fields(ctx, pool, user.username, request["Password"])

    def change(kept: User) -> User:
        verified = {**kept.attributes, f"{target}_verified": "true"}
        return replaced(kept, **secret, status="CONFIRMED", attributes=verified)

    user = update_user(ctx, pool, user.sub, change)
    auth_events.record(ctx, pool, client.id, user, "ForgotPassword")
    triggers.post_confirmation(ctx, pool, client.id, user, "ConfirmForgotPassword", request.get("ClientMetadata") or {})
    return {}
