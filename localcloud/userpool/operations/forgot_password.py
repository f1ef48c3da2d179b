"""ForgotPassword: send a code that lets a user choose a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import codes, messages
from localcloud.userpool.pools import check_secret_hash, require_client
from localcloud.userpool.users import find_user


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Send the code to the first verified recovery address.

    Attack: asking who exists. An unknown name gets the same answer where the client hides users.
    """
    pool, client = require_client(ctx, request["ClientId"])
    check_secret_hash(client, request["Username"], request.get("SecretHash"))
    user = find_user(ctx, pool, request["Username"])
    if user is None:
        if client.hides_users:
            return {"CodeDeliveryDetails": messages.stand_in_details(ctx, pool, request["Username"])}
        raise AwsError("UserNotFoundException", "Username/client id combination not found.")
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status == "FORCE_CHANGE_PASSWORD":
        raise AwsError("NotAuthorizedException", "User password cannot be reset in the current state.")
    target = messages.recovery_attribute(pool, user)
    if target is None:
        raise AwsError(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        )
    code = codes.issue(ctx, user, "forgot")
    metadata = request.get("ClientMetadata")
    details = messages.deliver(ctx, pool, user, "ForgotPassword", target, code, client_id=client.id, metadata=metadata)
    return {"CodeDeliveryDetails": details}
