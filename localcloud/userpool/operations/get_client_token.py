"""GetClientToken: an access token for a machine, as OAuth's client credentials give it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.pools import knows_secret, require_client
from localcloud.userpool.tokens import machine_tokens


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The token, for the scopes asked for or all of the client's."""
    pool, client = require_client(ctx, request["ClientId"])
    # Attack: a public client, whose id is no secret, that asks in its own name.
    if not client.secrets or not knows_secret(client, request["Secret"]):
        raise AwsError("NotAuthorizedException", f"Unable to verify the secret of client {client.id}")
    if not client.allows("CLIENT_TOKEN_AUTH"):
        raise AwsError("InvalidParameterException", "CLIENT_TOKEN_AUTH is not enabled for the client.")
    granted = machine_tokens.scopes_of(ctx, client, request.get("Scopes") or ())
    if not granted:
        raise AwsError("InvalidParameterException", "A scope is not the client's, or no resource server has it.")
    try:
        issued = machine_tokens.issue(ctx, pool, client, granted, request.get("ClientMetadata") or {})
    except AwsError as error:
        # The trigger has refused, for which the operation declares no error of its own.
        raise AwsError("NotAuthorizedException", error.message) from error
    return {"ClientAuthenticationResult": issued}
