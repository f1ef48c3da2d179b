"""AdminForgetDevice: an administrator takes a device from a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.factors import devices
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Forget it, and end the sign-ins on it."""
    pool = require_pool(ctx, request["UserPoolId"])
    devices.forget_device(ctx, require_user(ctx, pool, request["Username"]), request["DeviceKey"])
    return {}
