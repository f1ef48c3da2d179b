"""UpdateDeviceStatus: a user has a device remembered, or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors.device_status import is_remembered
from localcloud.userpool.factors.devices import set_remembered
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remember the device, or stop doing so."""
    _, user, _ = verify_access(ctx, request["AccessToken"])
    set_remembered(ctx, user, request["DeviceKey"], is_remembered(request))
    return {}
