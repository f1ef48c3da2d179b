"""GetDevice: a user reads one of its devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import wire
from localcloud.userpool.factors.devices import require_device
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The device of that key."""
    _, user, _ = verify_access(ctx, request.get("AccessToken", ""))
    return {"Device": wire.device_type(require_device(ctx, user, request["DeviceKey"]))}
