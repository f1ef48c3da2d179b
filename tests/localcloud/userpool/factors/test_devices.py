"""Devices: confirmed with the key that a sign-in offered, remembered or not, forgotten; by users and administrators."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.localcloud.userpool.conftest import START, Api

VERIFIER = {
    "PasswordVerifier": base64.b64encode(bytes([7]) * 384).decode(),
    "Salt": base64.b64encode(b"salt of 16 bytes").decode(),
}


@pytest.fixture
def pool(api: Api) -> str:
    return api.new_pool(
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
    )


@pytest.fixture
def client(api: Api, pool: str) -> str:
    return api.new_client(pool)


@pytest.fixture
def ada(api: Api, pool: str, client: str) -> dict[str, Any]:
    """The tokens of a sign-in, and the device key that came with it."""
    api.new_user(pool, "ada")
    return sign_in(api, pool, client, "ada")


def sign_in(api: Api, pool: str, client: str, username: str) -> dict[str, Any]:
    result = api.sign_in(pool, client, username)
    return {"AccessToken": result["AccessToken"], "DeviceKey": result["NewDeviceMetadata"]["DeviceKey"]}


def confirm(api: Api, who: dict[str, Any]) -> dict[str, Any]:
    return api("ConfirmDevice", **who, DeviceName="phone", DeviceSecretVerifierConfig=VERIFIER)


def attributes(device: dict[str, Any]) -> dict[str, str]:
    return {pair["Name"]: pair["Value"] for pair in device["DeviceAttributes"]}


def test_a_confirmed_device_is_tracked_and_not_yet_remembered(api: Api, ada: dict[str, Any]) -> None:
    assert confirm(api, ada) == {"UserConfirmationNecessary": True}
    device = api("GetDevice", **ada)["Device"]
    assert device["DeviceKey"] == ada["DeviceKey"]
    assert device["DeviceCreateDate"] == device["DeviceLastAuthenticatedDate"] == START
    assert attributes(device) == {
        "device_status": "valid",
        "device_name": "phone",
        "dev:device_remembered_status": "not_remembered",
        "last_ip_used": "127.0.0.1",
    }


def test_where_nobody_is_asked_a_device_is_remembered_at_once(api: Api) -> None:
    pool = api.new_pool(DeviceConfiguration={"DeviceOnlyRememberedOnUserPrompt": False})
    api.new_user(pool, "ada")
    who = sign_in(api, pool, api.new_client(pool), "ada")
    assert confirm(api, who) == {"UserConfirmationNecessary": False}
    assert attributes(api("GetDevice", **who)["Device"])["dev:device_remembered_status"] == "remembered"


def test_a_device_is_confirmed_once(api: Api, ada: dict[str, Any]) -> None:
    confirm(api, ada)
    with api.refused("DeviceKeyExistsException"):
        confirm(api, ada)


def test_a_device_needs_a_verifier(api: Api, ada: dict[str, Any]) -> None:
    with api.refused("InvalidParameterException", "DeviceSecretVerifierConfig"):
        api("ConfirmDevice", **ada)
    for wrong in ({"PasswordVerifier": "!"}, {"PasswordVerifier": "AQ=="}, {"Salt": VERIFIER["Salt"]}):
        with api.refused("InvalidParameterException"):
            api("ConfirmDevice", **ada, DeviceSecretVerifierConfig={**VERIFIER, "PasswordVerifier": "", **wrong})


def test_nobody_confirms_a_key_that_was_offered_to_another_user_or_to_none(
    api: Api, pool: str, client: str, ada: dict[str, Any]
) -> None:
    api.new_user(pool, "eve")
    eve = sign_in(api, pool, client, "eve")
    made_up = ada["DeviceKey"][:-1] + ("0" if ada["DeviceKey"][-1] != "0" else "1")
    for key in (ada["DeviceKey"], made_up):
        with api.refused("ResourceNotFoundException", "Device does not exist."):
            confirm(api, eve | {"DeviceKey": key})
    confirm(api, ada)


def test_an_offered_key_waits_for_an_hour(api: Api, pool: str, client: str, ada: dict[str, Any]) -> None:
    api.cloud.clock.advance(3601)
    fresh = sign_in(api, pool, client, "ada")
    with api.refused("ResourceNotFoundException"):
        confirm(api, fresh | {"DeviceKey": ada["DeviceKey"]})


def test_a_device_is_remembered_and_not_remembered(api: Api, pool: str, ada: dict[str, Any]) -> None:
    confirm(api, ada)
    admin = {"UserPoolId": pool, "Username": "ada", "DeviceKey": ada["DeviceKey"]}
    for operation, who in (("UpdateDeviceStatus", ada), ("AdminUpdateDeviceStatus", admin)):
        for status in ("remembered", "not_remembered"):
            api(operation, **who, DeviceRememberedStatus=status)
            shown = api("AdminGetDevice", **admin)["Device"]
            assert attributes(shown)["dev:device_remembered_status"] == status
        with api.refused("InvalidParameterException", "DeviceRememberedStatus"):
            api(operation, **who)


@pytest.mark.parametrize("operation", ["ForgetDevice", "AdminForgetDevice"])
def test_a_forgotten_device_is_gone_and_so_are_the_tokens_that_were_issued_on_it(
    api: Api, pool: str, client: str, ada: dict[str, Any], operation: str
) -> None:
    confirm(api, ada)
    other = sign_in(api, pool, client, "ada")
    admin = {"UserPoolId": pool, "Username": "ada", "DeviceKey": ada["DeviceKey"]}
    api(operation, **(ada if operation == "ForgetDevice" else admin))
    with api.refused("NotAuthorizedException", "revoked"):
        api("ListDevices", AccessToken=ada["AccessToken"])
    assert api("ListDevices", AccessToken=other["AccessToken"]) == {"Devices": []}
    with api.refused("ResourceNotFoundException", "Device does not exist."):
        api("AdminForgetDevice", **admin)


@pytest.mark.parametrize(
    ("operation", "params"),
    [("GetDevice", {}), ("ForgetDevice", {}), ("UpdateDeviceStatus", {"DeviceRememberedStatus": "remembered"})],
)
def test_a_user_reaches_no_device_of_another_user(
    api: Api, pool: str, client: str, ada: dict[str, Any], operation: str, params: dict[str, str]
) -> None:
    confirm(api, ada)
    api.new_user(pool, "eve")
    eve = sign_in(api, pool, client, "eve")
    with api.refused("ResourceNotFoundException", "Device does not exist."):
        api(operation, AccessToken=eve["AccessToken"], DeviceKey=ada["DeviceKey"], **params)
    assert attributes(api("GetDevice", **ada)["Device"])["dev:device_remembered_status"] == "not_remembered"


@pytest.mark.parametrize("operation", ["GetDevice", "ForgetDevice"])
def test_a_token_is_needed_even_where_the_model_lets_it_out(api: Api, ada: dict[str, Any], operation: str) -> None:
    confirm(api, ada)
    with api.refused("NotAuthorizedException"):
        api(operation, DeviceKey=ada["DeviceKey"])
    with api.refused("NotAuthorizedException"):
        api(operation, DeviceKey=ada["DeviceKey"], AccessToken=ada["AccessToken"][:-4] + "AAAA")
    assert api("GetDevice", **ada)["Device"]["DeviceKey"] == ada["DeviceKey"]


def test_devices_are_listed_in_pages_for_the_user_and_for_an_administrator(
    api: Api, pool: str, client: str, ada: dict[str, Any]
) -> None:
    signed_in = [ada, *(sign_in(api, pool, client, "ada") for _ in range(2))]
    for who in signed_in:
        confirm(api, who)
    keys = sorted(who["DeviceKey"] for who in signed_in)
    for operation, params in (
        ("ListDevices", {"AccessToken": ada["AccessToken"]}),
        ("AdminListDevices", {"UserPoolId": pool, "Username": "ada"}),
    ):
        first = api(operation, Limit=2, **params)
        rest = api(operation, Limit=2, PaginationToken=first["PaginationToken"], **params)
        assert "PaginationToken" not in rest
        assert [device["DeviceKey"] for device in first["Devices"] + rest["Devices"]] == keys


def test_an_administrator_is_told_of_users_and_devices_that_are_not_there(
    api: Api, pool: str, ada: dict[str, Any]
) -> None:
    key = ada["DeviceKey"]
    for operation, code in (
        ("AdminGetDevice", "ResourceNotFoundException"),
        ("AdminListDevices", "ResourceNotFoundException"),
        ("AdminForgetDevice", "UserNotFoundException"),
        ("AdminUpdateDeviceStatus", "UserNotFoundException"),
    ):
        params = {} if operation == "AdminListDevices" else {"DeviceKey": key, "DeviceRememberedStatus": "remembered"}
        with api.refused(code, "User does not exist."):
            api(operation, UserPoolId=pool, Username="nobody", **params)
    with api.refused("ResourceNotFoundException", "Device does not exist."):
        api("AdminGetDevice", UserPoolId=pool, Username="ada", DeviceKey=key)
