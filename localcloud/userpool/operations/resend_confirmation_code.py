"""ResendConfirmationCode: a new code for a user who is not confirmed yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import codes, messages
from localcloud.userpool.accounts import auth_events
from localcloud.userpool.accounts.users import find_user, stand_in_user
from localcloud.userpool.limits import lock_out
from localcloud.userpool.pools import check_secret_hash, require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Send another code; the one before it is void."""
    pool, client = require_client(ctx, request["ClientId"])
    check_secret_hash(client, request["Username"], request.get("SecretHash"))
    user = find_user(ctx, pool, request["Username"])
    if user is None and not client.hides_users:
        raise AwsError("UserNotFoundException", "Username/client id combination not found.")
    lock_out.count(ctx, user or stand_in_user(ctx, pool, request["Username"]), "signup")
    if user is None:
        return {"CodeDeliveryDetails": messages.stand_in_details(ctx, pool, request["Username"])}
    if user.status != "UNCONFIRMED":
        raise AwsError("InvalidParameterException", "User is already confirmed.")
    target = messages.auto_verified(pool, user)
    if target is None:
        raise AwsError("InvalidParameterException", "Cannot resend codes. Auto verification not turned on.")
    code = codes.make(ctx, user, "signup", user.attributes[target])
    metadata = request.get("ClientMetadata")
    details = messages.deliver(ctx, pool, user, "ResendCode", target, code, client_id=client.id, metadata=metadata)
    auth_events.record(ctx, pool, client.id, user, "ResendCode")
    return {"CodeDeliveryDetails": details}
