"""ForgetDevice: a user gives up one of its devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors import devices
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Forget it, and end the sign-ins on it.

    The model lets AccessToken out. Attack: forgetting somebody's device without any token.
    """
    _, user, _ = verify_access(ctx, request.get("AccessToken", ""))
    devices.forget_device(ctx, user, request["DeviceKey"])
    return {}
