"""The devices that the user pool tracks for a user."""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING, Any

import boto3

from api.errors import ApiError
from api.timestamps import render_time

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import DeviceTypeTypeDef

KEY = re.compile(r"[\w-]{1,20}_[0-9a-f-]{1,36}", re.ASCII)
"""A device key: the Region, an underscore, a UUID (the pattern of the API model, with lengths)"""


def list_devices(username: str) -> list[dict[str, Any]]:
    """All devices of a user, as the API shows them."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {}
    while True:
        try:
            answer = _user_pools().admin_list_devices(UserPoolId=_pool_id(), Username=username, Limit=60, **page)
        # The model of this operation declares only the second for a user who is not there.
        except (_user_pools().exceptions.UserNotFoundException, _user_pools().exceptions.ResourceNotFoundException):
            raise _no_such_user() from None
        found.extend(map(_render, answer.get("Devices", [])))
        if not answer.get("PaginationToken"):
            return found
        page = {"PaginationToken": answer["PaginationToken"]}


def forget_device(username: str, key: str) -> bool:
    """Make the pool forget a user's device, which ends its refresh tokens. False if the user has no such device."""
    try:
        _user_pools().admin_forget_device(UserPoolId=_pool_id(), Username=username, DeviceKey=key)
    except _user_pools().exceptions.ResourceNotFoundException:
        return False
    except _user_pools().exceptions.UserNotFoundException:
        raise _no_such_user() from None
    return True


@functools.cache
def _user_pools() -> CognitoIdentityProviderClient:
    return boto3.client("cognito-idp")


def _pool_id() -> str:
    return os.environ["USER_POOL_ID"]


def _no_such_user() -> ApiError:
    """A token outlives its user by up to an hour: API Gateway asks nobody whether the user is still there."""
    return ApiError(401, "unauthorized", "this user is no more")


def _render(device: DeviceTypeTypeDef) -> dict[str, Any]:
    attributes = {a["Name"]: a.get("Value", "") for a in device.get("DeviceAttributes", [])}
    shown = {
        "key": device["DeviceKey"],
        "name": attributes.get("device_name", ""),
        "created_at": render_time(device["DeviceCreateDate"]),
        "last_authenticated_at": render_time(device["DeviceLastAuthenticatedDate"]),
        "remembered": attributes.get("dev:device_remembered_status") == "remembered",
    }
    return shown | ({"last_ip": attributes["last_ip_used"]} if attributes.get("last_ip_used") else {})
