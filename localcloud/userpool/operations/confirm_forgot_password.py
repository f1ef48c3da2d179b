"""ConfirmForgotPassword: a new password for the code that ForgotPassword sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import codes, messages, triggers
from localcloud.userpool.models import User
from localcloud.userpool.passwords import check_policy, with_password
from localcloud.userpool.pools import check_secret_hash, require_client
from localcloud.userpool.users import find_user, update_user


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Set the new password; the address that got the code counts as verified."""
    pool, client = require_client(ctx, request["ClientId"])
    check_secret_hash(client, request["Username"], request.get("SecretHash"))
    check_policy(pool, request["Password"])
    user = find_user(ctx, pool, request["Username"])
    if user is None:
        if client.hides_users:
            raise AwsError("ExpiredCodeException", "Invalid code provided, please request a code again.")
        raise AwsError("UserNotFoundException", "Username/client id combination not found.")
    codes.take(ctx, user, "forgot", request["ConfirmationCode"])
    target = messages.recovery_attribute(pool, user)
    secret = with_password(ctx, pool, user, request["Password"])

    def change(kept: User) -> User:
        verified = {f"{target}_verified": "true"} if target else {}
        return replaced(
            kept,
            salt=secret.salt,
            verifier=secret.verifier,
            temporary_until=0.0,
            status="CONFIRMED",
            attributes={**kept.attributes, **verified},
        )

    user = update_user(ctx, pool, user.sub, change)
    triggers.post_confirmation(ctx, pool, client.id, user, "ConfirmForgotPassword", request.get("ClientMetadata") or {})
    return {}
