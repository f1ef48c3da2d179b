"""AWS's wire forms of what a pool keeps. Times are epoch seconds, as the JSON 1.1 protocol has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.userpool.models import AppClient, Device, Group, User, UserPool


def attribute_list(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    """A dict as `[{"Name": n, "Value": v}]`."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def user_type(user: User, key: str = "Attributes") -> dict[str, Any]:
    """A `UserType`; AdminGetUser names its attribute list differently (`key`)."""
    return {
        "Username": user.username,
        key: attribute_list(user.attributes),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status,
    }


def mfa_settings(user: User) -> dict[str, Any]:
    """The MFA part of GetUser and AdminGetUser."""
    settings: dict[str, Any] = {}
    if user.mfa_preferred:
        settings["PreferredMfaSetting"] = user.mfa_preferred
    if user.mfa_methods:
        settings["UserMFASettingList"] = list(user.mfa_methods)
    return settings


def device_type(device: Device) -> dict[str, Any]:
    """A `DeviceType`."""
    attributes = {
        "device_status": "valid",
        "device_name": device.name,
        "dev:device_remembered_status": "remembered" if device.remembered else "not_remembered",
        "last_ip_used": device.last_ip,
    }
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": attribute_list({name: value for name, value in attributes.items() if value}),
        "DeviceCreateDate": device.created,
        "DeviceLastModifiedDate": device.modified,
        "DeviceLastAuthenticatedDate": device.last_authenticated,
    }


def group_type(group: Group) -> dict[str, Any]:
    """A `GroupType`."""
    optional = {"Description": group.description, "RoleArn": group.role_arn, "Precedence": group.precedence}
    return {
        "GroupName": group.name,
        "UserPoolId": group.pool_id,
        **{name: value for name, value in optional.items() if value not in ("", None)},
        "LastModifiedDate": group.modified,
        "CreationDate": group.created,
    }


def pool_type(pool: UserPool, arn: str, users: int) -> dict[str, Any]:
    """A `UserPoolType`."""
    return {
        **pool.config,
        "Id": pool.id,
        "Name": pool.config["PoolName"],
        "Arn": arn,
        "CreationDate": pool.created,
        "LastModifiedDate": pool.modified,
        "EstimatedNumberOfUsers": users,
    }


def client_type(client: AppClient) -> dict[str, Any]:
    """A `UserPoolClientType`."""
    # Where there are two, the one that the client has had for longer.
    secret = {"ClientSecret": next(iter(client.secrets.values()))} if client.secrets else {}
    return {
        **client.config,
        "ClientId": client.id,
        "UserPoolId": client.pool_id,
        **secret,
        "CreationDate": client.created,
        "LastModifiedDate": client.modified,
    }
