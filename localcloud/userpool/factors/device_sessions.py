"""The session of a DEVICE_SRP_AUTH, found by the device where the client does not send it back.

Real clients differ: some send no session here, and amazon-cognito-identity-js sends the one of the step before. Cognito
takes all of them, so the session is kept for as long as it lives, for this client, user and device.
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import sessions
from localcloud.userpool.accounts.users import find_user
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.sign_in_state import WaitingDevice


def keep(ctx: Context, client: AppClient, sub: str, device_key: str, session: str) -> None:
    """Remember that this device's sign-in waits; one at a time."""
    expires = ctx.now + client.session_seconds
    ctx.store.put(WaitingDevice(client.pool_id, sub, client.id, device_key, session, expires))


def recall(ctx: Context, pool: UserPool, client: AppClient, given: str | None, responses: Mapping[str, str]) -> str:
    """The session that waits for this device, once. Raises NotAuthorizedException.

    Attack: starting at the device, without the password that comes before. Nothing waits then.
    """
    peeked = sessions.peek(ctx, given) if given else None
    if given and peeked and peeked.challenge == "DEVICE_SRP_AUTH":
        return given
    user = find_user(ctx, pool, responses.get("USERNAME", ""))
    key = (pool.id, user.sub if user else "", client.id, responses.get("DEVICE_KEY", ""))
    if given and (peeked is None or (peeked.client_id, peeked.state["sub"]) != (client.id, key[1])):
        raise AwsError("NotAuthorizedException", "Invalid session for the user.")
    with ctx.store.transaction():
        waiting = ctx.store.get(WaitingDevice, *key)
        if waiting is None or ctx.now > waiting.expires:
            message = "Cannot initiate DEVICE_SRP_AUTH flow without first authenticating"
            raise AwsError("NotAuthorizedException", message)
        ctx.store.delete(WaitingDevice, *key)
    return waiting.session
