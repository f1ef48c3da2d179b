"""A user's devices: those that the user pool tracks, and the register of them in AppDataTable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triggers.aws import app_data, query_app_data, user_pools
from triggers.timestamps import render_time

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


def registered(sub: str) -> set[str]:
    """The keys of the devices in the user's register."""
    items = query_app_data(
        KeyConditionExpression="pk = :pk AND begins_with(sk, :device)",
        ExpressionAttributeValues={":pk": f"USER#{sub}", ":device": "DEVICE#"},
        ProjectionExpression="sk",
    )
    return {str(item["sk"]).removeprefix("DEVICE#") for item in items}


def register(sub: str, device: DeviceTypeTypeDef) -> None:
    """Write one device into the register; writing it twice gives the same item."""
    attributes = {a["Name"]: a.get("Value", "") for a in device.get("DeviceAttributes", [])}
    app_data().put_item(
        Item={
            **_key(sub, device["DeviceKey"]),
            "name": attributes.get("device_name", ""),
            "created_at": render_time(device["DeviceCreateDate"]),
        }
    )


def unregister(sub: str, key: str) -> None:
    """Take one device out of the register; one that is not there is fine."""
    app_data().delete_item(Key=_key(sub, key))


def _key(sub: str, key: str) -> dict[str, str]:
    return {"pk": f"USER#{sub}", "sk": f"DEVICE#{key}"}
