"""Pre and post authentication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.models import AppClient, User, UserPool
from localcloud.userpool.triggers.call import attributes_of, call, call_about


def pre_authentication(
    ctx: Context, pool: UserPool, client: AppClient, username: str, user: User | None, validation: Mapping[str, str]
) -> None:
    """Ask the pre authentication trigger, before anything is proven. Raises UserLambdaValidationException.

    `validation` is the ClientMetadata of the call that begins a sign-in. Of a name that nobody has the trigger hears
    only where the client hides who exists: all others were told so before.
    """
    request: dict[str, Any] = {
        "userAttributes": attributes_of(user) if user else {},
        "validationData": dict(validation) or None,
        **({"userNotFound": user is None} if client.hides_users else {}),
    }
    named = user.username if user else username
    call(ctx, pool, "PreAuthentication", "PreAuthentication_Authentication", client.id, named, request, {})


def post_authentication(
    ctx: Context, pool: UserPool, client: AppClient, user: User, metadata: Mapping[str, str], *, new_device: bool
) -> None:
    """Tell the post authentication trigger. `newDeviceUsed` is there only where the pool tracks devices."""
    request: dict[str, Any] = {"clientMetadata": dict(metadata)} if metadata else {}
    if pool.devices is not None:
        request["newDeviceUsed"] = new_device
    call_about(ctx, pool, "PostAuthentication", "PostAuthentication_Authentication", client.id, user, request, {})
