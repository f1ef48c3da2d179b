"""AppDataTable and the user pool's devices, for every test of the Lambda code that asks for them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.triggers.app_data import make_table
from tests.triggers.device_pool import DevicePool
from triggers import aws
from triggers.trigger import logger

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """What the triggers log. The logger took its stream at import, before pytest could capture it."""
    handler, written = logger.registered_handler, io.StringIO()
    before = handler.setStream(written)  # type: ignore[attr-defined]
    yield written
    handler.setStream(before)  # type: ignore[attr-defined]


@pytest.fixture
def device_pool() -> DevicePool:
    return DevicePool()


@pytest.fixture
def app_data(monkeypatch: pytest.MonkeyPatch, device_pool: DevicePool) -> Iterator[Table]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("APP_DATA_TABLE", "app-data")
    for name, value in {"MAX_DEVICES": "0", "DEVICE_LIMIT_POLICY": "evict-oldest", "DEVICE_TRUST_DAYS": "0"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NOTICE_FUNCTION", "")
    with mock_aws():
        device_pool.attach()
        aws.app_data.cache_clear()
        aws.user_pools.cache_clear()
        yield make_table()
