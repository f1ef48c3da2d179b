"""A user's devices: those that the user pool tracks, and the register of them in AppDataTable."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from triggers.aws import app_data, attributes_of, query_app_data, user_pools
from triggers.timestamps import read_epoch, render_epoch, render_time

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import DeviceTypeTypeDef

PAGE = 60
"""Devices in one answer of AdminListDevices, its most."""


def tracked(pool_id: str, username: str) -> dict[str, DeviceTypeTypeDef]:
    """The devices that the pool tracks for a user, by key."""
    found: dict[str, DeviceTypeTypeDef] = {}
    page: dict[str, Any] = {}
    while True:
        answer = user_pools().admin_list_devices(UserPoolId=pool_id, Username=username, Limit=PAGE, **page)
        found.update((device["DeviceKey"], device) for device in answer.get("Devices", []))
        if not answer.get("PaginationToken"):
            return found
        page = {"PaginationToken": answer["PaginationToken"]}


def forget(pool_id: str, username: str, key: str) -> None:
    """Make the pool forget a device, which ends its refresh tokens; one that is not there is fine."""
    with contextlib.suppress(user_pools().exceptions.ResourceNotFoundException):
        user_pools().admin_forget_device(UserPoolId=pool_id, Username=username, DeviceKey=key)


def end_trust(pool_id: str, username: str, key: str) -> None:
    """Let a device skip the second factor no longer; one that is not there is fine."""
    with contextlib.suppress(user_pools().exceptions.ResourceNotFoundException):
        user_pools().admin_update_device_status(
            UserPoolId=pool_id, Username=username, DeviceKey=key, DeviceRememberedStatus="not_remembered"
        )


def registered(sub: str) -> dict[str, dict[str, int]]:
    """The devices in the user's register: by key `trusted_since`, for those that are trusted."""
    items = query_app_data(
        KeyConditionExpression="pk = :pk AND begins_with(sk, :device)",
        ExpressionAttributeValues={":pk": f"USER#{sub}", ":device": "DEVICE#"},
        ProjectionExpression="sk, trusted_since",
    )
    return {str(item["sk"]).removeprefix("DEVICE#"): _trust(item) for item in items}


def register(sub: str, device: DeviceTypeTypeDef, trusted_since: int | None = None) -> None:
    """Write one device into the register; writing it twice gives the same item. Times are seconds since the epoch."""
    attributes = attributes_of(device.get("DeviceAttributes", []))
    app_data().put_item(
        Item={
            **_key(sub, device["DeviceKey"]),
            "name": attributes.get("device_name", ""),
            "created_at": render_time(device["DeviceCreateDate"]),
            **({"trusted_since": render_epoch(trusted_since)} if trusted_since is not None else {}),
        }
    )


def unregister(sub: str, key: str) -> None:
    """Take one device out of the register; one that is not there is fine."""
    app_data().delete_item(Key=_key(sub, key))


def _key(sub: str, key: str) -> dict[str, str]:
    return {"pk": f"USER#{sub}", "sk": f"DEVICE#{key}"}


def _trust(item: Mapping[str, Any]) -> dict[str, int]:
    return {"trusted_since": read_epoch(str(item["trusted_since"]))} if "trusted_since" in item else {}
