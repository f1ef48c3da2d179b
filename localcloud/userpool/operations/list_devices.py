"""ListDevices: a user lists its devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages, wire
from localcloud.userpool.factors import devices
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of devices."""
    _, user, _ = verify_access(ctx, request["AccessToken"])
    found, token = devices.list_devices(ctx, user, request.get("Limit"), request.get("PaginationToken"))
    return pages.answer("Devices", [wire.device_type(device) for device in found], token, "PaginationToken")
