"""`/me/devices` lists all devices of the caller, and forgets one only if it is the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.conftest import SUB, call
from tests.triggers.device_pool import DevicePool, device

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

KEY = "us-east-1_00000000-0000-4000-8000-000000000001"
THEIRS = "us-east-1_00000000-0000-4000-8000-000000000009"


@pytest.mark.usefixtures("app_data")
def test_devices_are_listed(device_pool: DevicePool) -> None:
    device_pool.add(SUB, device(KEY, "phone"), device(THEIRS[:-1] + "2", "", remembered=False))
    device_pool.users[SUB][KEY[:-1] + "2"]["DeviceAttributes"] = []
    answer = call("GET", "/me/devices")
    times = {"created_at": "2026-11-20T09:30:00Z", "last_authenticated_at": "2026-11-22T03:07:00Z"}
    assert answer.status == 200
    assert answer.json == {
        "devices": [
            {"key": KEY, "name": "phone", "last_ip": "192.0.2.1", "remembered": True, **times},
            {"key": KEY[:-1] + "2", "name": "", "remembered": False, **times},
        ]
    }


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize("count", [0, 60, 61, 125])
def test_every_page_is_listed(device_pool: DevicePool, count: int) -> None:
    keys = [f"us-east-1_00000000-0000-4000-8000-{n:012x}" for n in range(count)]
    device_pool.add(SUB, *map(device, keys))
    assert [d["key"] for d in call("GET", "/me/devices").json["devices"]] == keys


def test_a_device_is_forgotten(app_data: Table, device_pool: DevicePool) -> None:
    device_pool.add(SUB, device(KEY))
    app_data.put_item(Item={"pk": f"USER#{SUB}", "sk": f"DEVICE#{KEY}"})
    assert call("DELETE", f"/me/devices/{KEY}").status == 204
    assert device_pool.users[SUB] == {}
    assert app_data.scan()["Items"] == []
    assert call("DELETE", f"/me/devices/{KEY}").error == (404, "not_found")


def test_another_users_device_stays(app_data: Table, device_pool: DevicePool) -> None:
    device_pool.add(SUB)
    device_pool.add("another", device(THEIRS))
    app_data.put_item(Item={"pk": "USER#another", "sk": f"DEVICE#{THEIRS}"})
    assert call("DELETE", f"/me/devices/{THEIRS}").error == (404, "not_found")
    assert THEIRS in device_pool.users["another"]
    assert app_data.scan()["Count"] == 1


def test_a_line_left_in_the_register_goes_with_a_404(app_data: Table, device_pool: DevicePool) -> None:
    device_pool.add(SUB)
    app_data.put_item(Item={"pk": f"USER#{SUB}", "sk": f"DEVICE#{KEY}"})
    assert call("DELETE", f"/me/devices/{KEY}").error == (404, "not_found")
    assert app_data.scan()["Items"] == []


@pytest.mark.parametrize("key", ["x", "PROFILE", "us_ZZZ", "us_" + "0" * 3000, "_", "us_0%00", "us_0/..", "ｕs_0"])
def test_what_is_no_key_is_not_found(key: str) -> None:
    assert call("DELETE", f"/me/devices/{key}").error == (404, "not_found")


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize("code", ["UserNotFoundException", "ResourceNotFoundException"])
def test_a_token_of_a_deleted_user_lists_nothing(device_pool: DevicePool, code: str) -> None:
    device_pool.failure = code
    assert call("GET", "/me/devices").error == (401, "unauthorized")


@pytest.mark.usefixtures("app_data")
def test_a_token_of_a_deleted_user_forgets_nothing() -> None:
    assert call("DELETE", f"/me/devices/{KEY}").error == (401, "unauthorized")
