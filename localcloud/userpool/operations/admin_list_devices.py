"""AdminListDevices: an administrator lists a user's devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages, wire
from localcloud.userpool.factors import devices
from localcloud.userpool.factors.device_status import device_owner


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of devices."""
    user = device_owner(ctx, request)
    found, token = devices.list_devices(ctx, user, request.get("Limit"), request.get("PaginationToken"))
    return pages.answer("Devices", [wire.device_type(device) for device in found], token, "PaginationToken")
