"""AdminUpdateDeviceStatus: an administrator has a user's device remembered, or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.factors.device_status import is_remembered
from localcloud.userpool.factors.devices import set_remembered
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remember the device, or stop doing so."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = require_user(ctx, pool, request["Username"])
    set_remembered(ctx, user, request["DeviceKey"], is_remembered(request))
    return {}
