"""AdminClient against moto; what moto lacks (devices, deleting an authenticator) against stubbed answers of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from auth.admin import AdminClient
from auth.errors import AuthError, InvalidRequest, UserNotFound
from auth.models import TrackedDevice
from auth.settings import Settings

POOL = "eu-west-1_Abc"
WHO = {"UserPoolId": POOL, "Username": "ada"}
DATE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def pool() -> Iterator[tuple[AdminClient, Any]]:
    """An administrator, and the bare boto3 client of the same pool."""
    with mock_aws():
        bare = boto3.client("cognito-idp", region_name="eu-west-1")
        pool_id = bare.create_user_pool(PoolName="pool")["UserPool"]["Id"]
        bare.create_group(UserPoolId=pool_id, GroupName="editors")
        for name in ("ada", "bob"):
            bare.admin_create_user(
                UserPoolId=pool_id, Username=name, UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}]
            )
        yield AdminClient(Settings(region="eu-west-1", user_pool_id=pool_id)), bare


def test_users_are_listed_filtered_and_limited(pool: tuple[AdminClient, Any]) -> None:
    admin, _ = pool
    assert sorted(user.username for user in admin.list_users()) == ["ada", "bob"]
    (ada,) = admin.list_users('email ^= "ada"')
    assert ada.attributes["email"] == "ada@example.com"
    assert (ada.status, ada.enabled) == ("FORCE_CHANGE_PASSWORD", True)
    assert len(list(admin.list_users(limit=1))) == 1


def test_users_come_page_by_page(pool: tuple[AdminClient, Any]) -> None:
    admin, bare = pool
    for n in range(70):
        bare.admin_create_user(UserPoolId=admin._pool, Username=f"user-{n}")
    assert len({user.username for user in admin.list_users()}) == 72


def test_a_user_is_disabled_enabled_and_grouped(pool: tuple[AdminClient, Any]) -> None:
    admin, _ = pool
    admin.disable_user("ada")
    assert admin.get_user("ada").enabled is False
    admin.enable_user("ada")
    admin.add_to_group("ada", "editors")
    ada = admin.get_user("ada")
    assert (ada.enabled, ada.groups, ada.mfa, ada.preferred_mfa) == (True, ("editors",), (), None)
    admin.remove_from_group("ada", "editors")
    assert admin.get_user("ada").groups == ()


def test_a_password_is_reset(pool: tuple[AdminClient, Any]) -> None:
    admin, bare = pool
    bare.admin_set_user_password(UserPoolId=admin._pool, Username="ada", Password="Correct-Horse-7", Permanent=True)
    verified = [{"Name": "email_verified", "Value": "true"}]
    bare.admin_update_user_attributes(UserPoolId=admin._pool, Username="ada", UserAttributes=verified)
    admin.reset_password("ada")
    assert admin.get_user("ada").status == "RESET_REQUIRED"


def test_what_is_not_there_is_refused(pool: tuple[AdminClient, Any]) -> None:
    admin, _ = pool
    for call in (admin.get_user, admin.disable_user, admin.enable_user, admin.reset_password):
        with pytest.raises(UserNotFound):
            call("nobody")
    with pytest.raises(AuthError):
        admin.add_to_group("ada", "no-such-group")


@pytest.fixture
def stubbed() -> Iterator[tuple[AdminClient, Stubber]]:
    """An administrator whose answers are scripted; each request is checked against botocore's model."""
    admin = AdminClient(Settings(region="eu-west-1", user_pool_id=POOL))
    with Stubber(admin._pools) as stub:
        yield admin, stub
        stub.assert_no_pending_responses()


def user_with(*mfa: str) -> dict[str, Any]:
    return {"Username": "ada", "UserMFASettingList": list(mfa)}


def test_every_second_factor_is_turned_off(stubbed: tuple[AdminClient, Stubber]) -> None:
    admin, stub = stubbed
    off = {"Enabled": False, "PreferredMfa": False}
    stub.add_response("admin_get_user", user_with("SMS_MFA", "SOFTWARE_TOKEN_MFA"), WHO)
    stub.add_response("admin_list_devices", {"Devices": [device("d1"), device("d2")]}, WHO | {"Limit": 60})
    stub.add_response("admin_forget_device", {}, WHO | {"DeviceKey": "d1"})
    stub.add_client_error("admin_forget_device", "ResourceNotFoundException", expected_params=WHO | {"DeviceKey": "d2"})
    stub.add_response("admin_user_global_sign_out", {}, WHO)
    changes = {"SMSMfaSettings": off, "SoftwareTokenMfaSettings": off}
    stub.add_response("admin_set_user_mfa_preference", {}, WHO | changes)
    stub.add_response("admin_delete_software_token", {}, WHO)
    admin.reset_mfa("ada")


def test_a_user_without_a_second_factor_loses_devices_and_sessions(stubbed: tuple[AdminClient, Stubber]) -> None:
    admin, stub = stubbed
    stub.add_response("admin_get_user", user_with(), WHO)
    stub.add_response("admin_list_devices", {"Devices": []}, WHO | {"Limit": 60})
    stub.add_response("admin_user_global_sign_out", {}, WHO)
    stub.add_client_error("admin_delete_software_token", "ResourceNotFoundException", expected_params=WHO)
    admin.reset_mfa("ada")


def test_a_second_factor_of_a_new_kind_is_named_and_nothing_done(stubbed: tuple[AdminClient, Stubber]) -> None:
    admin, stub = stubbed
    stub.add_response("admin_get_user", user_with("TELEPATHY"), WHO)
    with pytest.raises(InvalidRequest, match="TELEPATHY"):
        admin.reset_mfa("ada")


def device(key: str, **attributes: str) -> dict[str, Any]:
    pairs = [{"Name": name.replace("__", ":"), "Value": value} for name, value in attributes.items()]
    return {"DeviceKey": key, "DeviceAttributes": pairs, "DeviceCreateDate": DATE}


def test_devices_come_page_by_page(stubbed: tuple[AdminClient, Stubber]) -> None:
    admin, stub = stubbed
    first = device("d1", device_name="phone", dev__device_remembered_status="remembered", last_ip_used="192.0.2.1")
    query = WHO | {"Limit": 60}
    stub.add_response("admin_list_devices", {"Devices": [first], "PaginationToken": "next"}, query)
    stub.add_response("admin_list_devices", {"Devices": [device("d2")]}, query | {"PaginationToken": "next"})
    assert list(admin.list_devices("ada")) == [
        TrackedDevice("d1", "phone", True, "192.0.2.1", DATE, None),
        TrackedDevice("d2", None, False, None, DATE, None),
    ]


def test_a_device_is_forgotten(stubbed: tuple[AdminClient, Stubber]) -> None:
    admin, stub = stubbed
    stub.add_response("admin_forget_device", {}, WHO | {"DeviceKey": "d1-0123456789"})
    admin.forget_device("ada", "d1-0123456789")
