"""Post authentication makes the device register equal to what the pool tracks, however long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.events import CONTEXT, load
from tests.triggers.device_pool import DevicePool, device
from triggers.errors import DeniedError
from triggers.post_authentication import handler

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70"


def sign_in() -> dict[str, Any]:
    return handler(load("post_authentication"), CONTEXT)


def key(number: int) -> str:
    return f"us-east-1_00000000-0000-4000-8000-{number:012x}"


def items(table: Table) -> list[dict[str, Any]]:
    return sorted(table.scan()["Items"], key=lambda item: str(item["sk"]))


def test_new_devices_join_and_forgotten_ones_leave(app_data: Table, device_pool: DevicePool) -> None:
    device_pool.add(SUB, device(key(1), "phone", remembered=False), device(key(2), "", remembered=False))
    assert sign_in() == load("post_authentication")
    assert items(app_data) == [
        {"pk": f"USER#{SUB}", "sk": f"DEVICE#{key(1)}", "name": "phone", "created_at": "2026-11-20T09:30:00Z"},
        {"pk": f"USER#{SUB}", "sk": f"DEVICE#{key(2)}", "name": "", "created_at": "2026-11-20T09:30:00Z"},
    ]
    del device_pool.users[SUB][key(1)]
    device_pool.add(SUB, device(key(3)))
    sign_in()
    assert [item["sk"] for item in items(app_data)] == [f"DEVICE#{key(2)}", f"DEVICE#{key(3)}"]


def test_a_second_run_changes_nothing(app_data: Table, device_pool: DevicePool) -> None:
    device_pool.add(SUB, device(key(1)))
    sign_in()
    before = items(app_data)
    sign_in()
    assert items(app_data) == before


def test_only_the_users_own_devices_are_touched(app_data: Table, device_pool: DevicePool) -> None:
    others = [
        {"pk": f"USER#{SUB}", "sk": "PROFILE", "role": "user"},
        {"pk": "USER#another", "sk": f"DEVICE#{key(9)}", "name": "theirs"},
    ]
    for item in others:
        app_data.put_item(Item=item)
    device_pool.add("another", device(key(9)))
    device_pool.add(SUB)
    sign_in()
    assert sorted(items(app_data), key=str) == sorted(others, key=str)


def test_every_page_is_read(app_data: Table, device_pool: DevicePool) -> None:
    device_pool.add(SUB, *(device(key(n)) for n in range(125)))
    sign_in()
    assert len(items(app_data)) == 125
    device_pool.users[SUB].clear()
    sign_in()
    assert items(app_data) == []


def test_a_full_quota_locks_nobody_out(app_data: Table, device_pool: DevicePool) -> None:
    device_pool.add(SUB, device(key(1)))
    sign_in()
    device_pool.failure = "TooManyRequestsException"
    sign_in()
    assert len(items(app_data)) == 1


@pytest.mark.usefixtures("app_data")
def test_any_other_failure_is_an_error(device_pool: DevicePool) -> None:
    device_pool.failure = "NotAuthorizedException"
    with pytest.raises(DeniedError):
        sign_in()
