"""The register of sign-in mails ends by the table's time to live, and never before what it has to remember."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from triggers.challenges import register
from triggers.challenges.attempt import Asked

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

HOUR = 1_800_000_000 - 1_800_000_000 % 3600


def enter(monkeypatch: pytest.MonkeyPatch, now: int, attempt: str = "one-sign-in") -> None:
    monkeypatch.setattr(time, "time", lambda: float(now))
    register.enter("ada@example.com", Asked("one_time_code", attempt), "12345678", 300)


def end_of_item(table: Table) -> int:
    (item,) = table.scan()["Items"]
    return int(str(item["expires_at"]))


def test_it_goes_with_the_hour_whose_mails_it_counts(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    # Attack: five mails every five minutes, as the count of them goes with the code.
    enter(monkeypatch, HOUR + 10)
    assert end_of_item(app_data) == HOUR + 3600


def test_it_stays_as_long_as_its_secret(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(monkeypatch, HOUR + 3590)
    assert end_of_item(app_data) == HOUR + 3890
    assert register.use_up("ada@example.com", Asked("one_time_code", "one-sign-in"), "12345678")


def test_a_secret_is_over_before_its_item_goes(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(monkeypatch, HOUR + 10)
    monkeypatch.setattr(time, "time", lambda: HOUR + 310.0)
    assert not register.use_up("ada@example.com", Asked("one_time_code", "one-sign-in"), "12345678")
