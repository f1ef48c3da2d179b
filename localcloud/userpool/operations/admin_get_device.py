"""AdminGetDevice: an administrator reads a device of a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import wire
from localcloud.userpool.factors.device_status import device_owner
from localcloud.userpool.factors.devices import require_device


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The device of that key."""
    user = device_owner(ctx, request)
    return {"Device": wire.device_type(require_device(ctx, user, request["DeviceKey"]))}
