"""What the calls about devices share: whose device, and whether it is to be remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.users import find_user
from localcloud.userpool.models import User
from localcloud.userpool.pools import require_pool


def is_remembered(request: Mapping[str, Any]) -> bool:
    """What UpdateDeviceStatus asks for. Raises InvalidParameterException where it says nothing."""
    status = request.get("DeviceRememberedStatus")
    if status is None:
        raise AwsError("InvalidParameterException", "DeviceRememberedStatus is required.")
    return bool(status == "remembered")


def device_owner(ctx: Context, request: Mapping[str, Any]) -> User:
    """The user of AdminGetDevice and AdminListDevices, which declare no UserNotFoundException."""
    pool = require_pool(ctx, request["UserPoolId"])
    user = find_user(ctx, pool, request["Username"])
    if user is None:
        raise AwsError("ResourceNotFoundException", "User does not exist.")
    return user
