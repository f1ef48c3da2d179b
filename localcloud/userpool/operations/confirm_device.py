"""ConfirmDevice: a signed-in user confirms the device that its sign-in was offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.factors import devices
from localcloud.userpool.models import Device
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Track the device by its verifier; says whether the user has to be asked before it is remembered."""
    pool, user, _ = verify_access(ctx, request["AccessToken"])
    key, verifier = request["DeviceKey"], request.get("DeviceSecretVerifierConfig")
    if not verifier:
        raise AwsError("InvalidParameterException", "DeviceSecretVerifierConfig is required.")
    if ctx.store.get(Device, pool.id, user.sub, key) is not None:
        raise AwsError("DeviceKeyExistsException", "Device already exists.")
    devices.confirm_device(ctx, pool, user, key, request.get("DeviceName", ""), verifier)
    return {"UserConfirmationNecessary": devices.needs_prompt(pool)}
