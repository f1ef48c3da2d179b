"""Pre and post authentication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.models import AppClient, User, UserPool
from localcloud.userpool.triggers.call import call_about


def post_authentication(
    ctx: Context, pool: UserPool, client: AppClient, user: User, metadata: Mapping[str, str], *, new_device: bool
) -> None:
    """Tell the post authentication trigger. `newDeviceUsed` is there only where the pool tracks devices."""
    request: dict[str, Any] = {"clientMetadata": dict(metadata)} if metadata else {}
    if pool.devices is not None:
        request["newDeviceUsed"] = new_device
    call_about(ctx, pool, "PostAuthentication", "PostAuthentication_Authentication", client.id, user, request, {})
