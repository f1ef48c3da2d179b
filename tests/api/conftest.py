"""A call to the API as API Gateway makes it, with AppDataTable and stand-ins of both pools behind it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from api import devices, identity_pool, store
from api.handler import handler
from tests.api.identity_pool import POOL, PROVIDER, IdentityPool
from tests.events import CONTEXT, load
from tests.triggers.app_data import make_table
from tests.triggers.device_pool import DevicePool

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SUB = "0c9d3e52-7a41-4f0e-9a55-3f6d2b1c8e70"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said; `challenge` is its `WWW-Authenticate`."""

    status: int
    json: Any
    challenge: str = ""

    @property
    def error(self) -> tuple[int, str]:
        """Status and code, once the one shape of all errors is checked."""
        assert self.json.keys() == {"error"}
        assert self.json["error"].keys() == {"code", "message"}
        assert all(isinstance(text, str) and text for text in self.json["error"].values())
        return self.status, self.json["error"]["code"]


def call(method: str, path: str, body: object = None, /, raw: str | None = None, **changes: Any) -> Answer:
    """Call the handler as somebody who just signed in.

    `body` is sent as JSON, `raw` as it is, `changes` replace fields of the event.
    """
    event = load("api_get_me")
    event["requestContext"]["authorizer"]["jwt"]["claims"]["auth_time"] = str(int(time.time()))
    event |= changes
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = method
    if raw is not None or body is not None:
        event["body"] = raw if raw is not None else json.dumps(body)
    answer = handler(event, CONTEXT)
    assert not answer["isBase64Encoded"]
    if answer["statusCode"] == 204:
        assert not answer["body"]
        return Answer(204, None)
    assert answer["headers"]["Content-Type"] == "application/json"
    challenge = answer["headers"].get("WWW-Authenticate", "")
    return Answer(answer["statusCode"], json.loads(answer["body"]), challenge)


@pytest.fixture
def device_pool() -> DevicePool:
    return DevicePool()


@pytest.fixture
def logins() -> IdentityPool:
    return IdentityPool()


@pytest.fixture
def app_data(monkeypatch: pytest.MonkeyPatch, device_pool: DevicePool, logins: IdentityPool) -> Iterator[Table]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("APP_DATA_TABLE", "app-data")
    monkeypatch.setenv("USER_POOL_ID", "us-east-1_EXAMPLE12")
    monkeypatch.setenv("USER_POOL_PROVIDER", PROVIDER)
    monkeypatch.setenv("IDENTITY_POOL_ID", POOL)
    monkeypatch.setenv("NOTICE_FUNCTION", "")
    with mock_aws():
        device_pool.attach()
        logins.attach()
        store.app_data.cache_clear()
        devices._user_pools.cache_clear()
        identity_pool._identity_pools.cache_clear()
        yield make_table()
