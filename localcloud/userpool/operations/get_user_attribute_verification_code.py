"""GetUserAttributeVerificationCode: send a code to one of the user's addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.attribute_changes import send_code
from localcloud.userpool.limits import lock_out
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Send the code; to the new address where one waits to be verified."""
    pool, user, claims = verify_access(ctx, request["AccessToken"])
    lock_out.count(ctx, user, "attribute")
    details = send_code(
        ctx,
        pool,
        user,
        request["AttributeName"],
        "VerifyUserAttribute",
        client_id=claims["client_id"],
        metadata=request.get("ClientMetadata"),
    )
    return {"CodeDeliveryDetails": details}
