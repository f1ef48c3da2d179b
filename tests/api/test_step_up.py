"""What takes something away wants a new sign-in, and says so as RFC 9470 has it; whatever is not sure counts as old."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from api import step_up
from api.caller import Caller
from api.errors import ApiError
from tests.api.conftest import SUB, Answer, call
from tests.events import load
from tests.triggers.device_pool import DevicePool, device

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

KEY = "us-east-1_00000000-0000-4000-8000-000000000001"
NOW = 1_795_316_400


def forget(auth_time: Any) -> Answer:
    """Forget the device with a token of such a sign-in."""
    context = load("api_get_me")["requestContext"]
    context["authorizer"]["jwt"]["claims"]["auth_time"] = auth_time
    return call("DELETE", f"/me/devices/{KEY}", requestContext=context)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: float(NOW))


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize("age", [0, 299, 300, -30])
def test_a_new_sign_in_will_do(device_pool: DevicePool, age: int) -> None:
    device_pool.add(SUB, device(KEY))
    assert forget(str(NOW - age)).status == 204


@pytest.mark.parametrize(
    "auth_time",
    [
        pytest.param(str(NOW - 301), id="old"),
        pytest.param(str(NOW + 31), id="in the future"),
        pytest.param(None, id="not told"),
        *("", "x", "-1", "1.8e9", "Sun Nov 22 03:00:00 UTC 2026", "９" * 10, "9" * 400, NOW, True, [str(NOW)]),
    ],
)
def test_anything_else_is_refused(app_data: Table, device_pool: DevicePool, auth_time: object) -> None:
    # Attack: a token that somebody else got hold of, whose sign-in was long ago, or that says nothing of it.
    device_pool.add(SUB, device(KEY))
    app_data.put_item(Item={"pk": f"USER#{SUB}", "sk": f"DEVICE#{KEY}"})
    refused = forget(auth_time)
    assert refused.error == (401, "insufficient_user_authentication")
    assert refused.challenge == (
        'Bearer error="insufficient_user_authentication", '
        'error_description="sign in again: this wants a sign-in of the last 300 seconds", max_age="300"'
    )
    assert KEY in device_pool.users[SUB]
    assert app_data.scan()["Count"] == 1


def test_a_route_may_want_a_newer_one() -> None:
    step_up.demand(Caller(SUB, SUB, NOW - 60), within=60)
    with pytest.raises(ApiError) as refused:
        step_up.demand(Caller(SUB, SUB, NOW - 61), within=60)
    assert 'max_age="60"' in refused.value.headers["WWW-Authenticate"]


def test_the_rest_takes_an_older_sign_in(app_data: Table) -> None:
    app_data.put_item(Item={"pk": f"USER#{SUB}", "sk": "PROFILE"})
    assert call("GET", "/me", requestContext=load("api_get_me")["requestContext"]).status == 200
