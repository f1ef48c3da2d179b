"""GetTokensFromRefreshToken: new tokens for a refresh token, as newer clients ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.pools import knows_secret, require_client
from localcloud.userpool.tokens import renew


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Renew; a confidential client shows its secret itself, not a hash of it."""
    pool, client = require_client(ctx, request["ClientId"])
    if not knows_secret(client, request.get("ClientSecret")):
        raise AwsError("NotAuthorizedException", f"Unable to verify the secret of client {client.id}")
    device_key = request.get("DeviceKey") or ""
    try:
        result = renew(ctx, pool, client, request["RefreshToken"], device_key, request.get("ClientMetadata"))
    except AwsError as error:
        # Unlike InitiateAuth, this operation declares no error of its own for users who may not go on as they are.
        if error.code in ("PasswordResetRequiredException", "UserNotConfirmedException"):
            raise AwsError("NotAuthorizedException", error.message) from error
        raise
    return {"AuthenticationResult": result}
