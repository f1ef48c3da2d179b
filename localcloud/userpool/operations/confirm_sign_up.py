"""ConfirmSignUp: a new user shows the code that was sent to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import codes, messages, sign_up_sessions, triggers
from localcloud.userpool.accounts.users import find_user, stand_in_user, update_user
from localcloud.userpool.limits import lock_out
from localcloud.userpool.models import User
from localcloud.userpool.pools import check_secret_hash, require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Confirm the user and mark the address as verified."""
    pool, client = require_client(ctx, request["ClientId"])
    check_secret_hash(client, request["Username"], request.get("SecretHash"))
    user = find_user(ctx, pool, request["Username"])
    if user is None and not client.hides_users:
        raise AwsError("UserNotFoundException", "Username/client id combination not found.")
    lock_out.count(ctx, user or stand_in_user(ctx, pool, request["Username"]), "signup")
    if user is None:
        raise AwsError("ExpiredCodeException", "Invalid code provided, please request a code again.")
    if user.status != "UNCONFIRMED":
        raise AwsError("NotAuthorizedException", f"User cannot be confirmed. Current status is {user.status}")
    # Before the code is used up: a session that is refused confirms nobody.
    session = sign_up_sessions.confirming(ctx, client, user, request.get("Session"))
    target = messages.auto_verified(pool, user)
    codes.take(ctx, user, "signup", user.attributes[target] if target else "", request["ConfirmationCode"])

    def confirm(kept: User) -> User:
        verified = {f"{target}_verified": "true"} if target else {}
        return replaced(kept, status="CONFIRMED", attributes={**kept.attributes, **verified})

    user = update_user(ctx, pool, user.sub, confirm)
    triggers.post_confirmation(ctx, pool, client.id, user, "ConfirmSignUp", request.get("ClientMetadata") or {})
    return sign_up_sessions.confirmed(ctx, client, user, session, target)
