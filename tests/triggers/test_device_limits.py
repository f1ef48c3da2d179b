"""At most so many devices, trusted for so many days: whatever runs again for one event changes nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.events import CONTEXT, load
from tests.triggers.device_pool import CREATED, SEEN, DevicePool, device
from triggers import devices, post_authentication
from triggers.errors import DeniedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70"
DAY = 86_400
NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def _limits(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_DEVICES", "3")
    monkeypatch.setattr("time.time", lambda: NOW)


def key(number: int) -> str:
    return f"us-east-1_00000000-0000-4000-8000-{number:012x}"


def used(number: int, days_ago: int) -> dict[str, Any]:
    return device(key(number)) | {"DeviceLastAuthenticatedDate": SEEN - timedelta(days=days_ago)}


def sign_in(*, new: bool = True, **metadata: str) -> None:
    event = load("post_authentication")
    event["request"] |= {"newDeviceUsed": new, "clientMetadata": metadata}
    post_authentication.handler(event, CONTEXT)


def tracked(pool: DevicePool) -> set[str]:
    return set(pool.users[SUB])


def test_the_least_recently_used_makes_room_and_only_once(device_pool: DevicePool) -> None:
    device_pool.add(SUB, used(1, 2), used(2, 9), used(3, 0))
    for _ in range(3):
        sign_in()
    assert device_pool.changes == [("forget", key(2))]
    assert tracked(device_pool) == {key(1), key(3)}


def test_a_lowered_limit_is_kept_at_the_next_sign_in(device_pool: DevicePool, app_data: Table) -> None:
    device_pool.add(SUB, *(used(number, number) for number in range(6)))
    sign_in(new=False)
    assert tracked(device_pool) == {key(0), key(1), key(2)}
    assert {item["sk"] for item in app_data.scan()["Items"]} == {f"DEVICE#{key(n)}" for n in range(3)}


def test_a_known_device_pushes_nobody_out(device_pool: DevicePool) -> None:
    device_pool.add(SUB, used(1, 2), used(2, 9), used(3, 0))
    sign_in(new=False)
    assert device_pool.changes == []


@pytest.mark.parametrize("policy", ["deny", "ask"])
def test_a_full_house_refuses_new_devices_only(
    policy: str, device_pool: DevicePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVICE_LIMIT_POLICY", policy)
    device_pool.add(SUB, used(1, 2), used(2, 9))
    sign_in()
    device_pool.add(SUB, used(3, 0))
    sign_in(new=False)
    for _ in range(2):
        with pytest.raises(DeniedError, match="as many devices as it may have"):
            sign_in()
    assert device_pool.changes == []


def test_whoever_is_asked_may_agree(device_pool: DevicePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVICE_LIMIT_POLICY", "ask")
    device_pool.add(SUB, used(1, 2), used(2, 9), used(3, 0))
    with pytest.raises(DeniedError):
        sign_in(device_limit="yes")
    sign_in(device_limit="evict-oldest")
    assert tracked(device_pool) == {key(1), key(3)}


def test_nobody_agrees_to_what_is_denied(device_pool: DevicePool, monkeypatch: pytest.MonkeyPatch) -> None:
    # Attack: an app of one's own that says what the policy `ask` would want to hear.
    monkeypatch.setenv("DEVICE_LIMIT_POLICY", "deny")
    device_pool.add(SUB, used(1, 2), used(2, 9), used(3, 0))
    with pytest.raises(DeniedError):
        sign_in(device_limit="evict-oldest")


def test_two_runs_at_once_forget_one_device_twice_without_harm(device_pool: DevicePool) -> None:
    device_pool.add(SUB)
    devices.forget("us-east-1_EXAMPLE12", SUB, key(1))


def test_trust_ends_after_its_days_and_may_begin_again(
    device_pool: DevicePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_day(day: float) -> list[tuple[str, str]]:
        monkeypatch.setattr("time.time", lambda: NOW + int(day * DAY))
        for _ in range(2):
            sign_in(new=False)
        return device_pool.changes

    monkeypatch.setenv("DEVICE_TRUST_DAYS", "30")
    device_pool.add(SUB, device(key(1)), device(key(2), remembered=False))
    assert on_day(0) == on_day(29.9) == []
    assert on_day(30) == [("end trust", key(1))]
    device_pool.add(SUB, device(key(1)))
    assert on_day(40) == on_day(69) == [("end trust", key(1))]
    assert on_day(70) == [("end trust", key(1))] * 2


def test_without_a_number_trust_is_for_ever(device_pool: DevicePool, monkeypatch: pytest.MonkeyPatch) -> None:
    device_pool.add(SUB, device(key(1)) | {"DeviceCreateDate": CREATED - timedelta(days=9999)})
    sign_in(new=False)
    monkeypatch.setattr("time.time", lambda: NOW + 9999 * DAY)
    sign_in(new=False)
    assert device_pool.changes == []
