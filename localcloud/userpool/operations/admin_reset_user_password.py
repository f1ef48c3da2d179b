"""AdminResetUserPassword: a user's password no longer counts, and a code for a new one is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import codes, messages
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.pools import require_pool

_NO_ADDRESS = "Cannot reset password for the user as there is no registered/verified email or phone_number"


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Send the code to the first verified recovery address; until it is used, the user cannot sign in."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status not in ("CONFIRMED", "RESET_REQUIRED"):
        raise AwsError("NotAuthorizedException", "User password cannot be reset in the current state.")
    target = messages.recovery_attribute(pool, user)
    if target is None:
        raise AwsError("InvalidParameterException", _NO_ADDRESS)
    code, metadata = codes.make(ctx, user, "forgot", user.attributes[target]), request.get("ClientMetadata")
    messages.deliver(ctx, pool, user, "ForgotPassword", target, code, metadata=metadata)
    update_user(ctx, pool, user.sub, lambda kept: replaced(kept, status="RESET_REQUIRED"))
    return {}
