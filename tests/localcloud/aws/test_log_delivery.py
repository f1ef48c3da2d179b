"""Delivery of a pool's log: to the log group or bucket that the pool names, and never in a sign-in's way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from localcloud.aws.log_delivery import LogDelivery

POOL = "us-east-1_AbC123"
RECORD = {"eventTimestamp": "1790000000123", "message": {"eventId": "the-event"}}
TO_GROUP = {"CloudWatchLogsConfiguration": {"LogGroupArn": "arn:aws:logs:us-east-1:1:log-group:/aws/vendedlogs/x"}}
TO_BUCKET = {"EventSource": "userAuthEvents", "S3Configuration": {"BucketArn": "arn:aws:s3:::logs"}}


@dataclass
class Engine:
    """Keeps what it is told."""

    account: str = "1"
    lines: list[tuple[str, str, list[str]]] = field(default_factory=list)
    calls: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def put_log_lines(self, group: str, stream: str, lines: list[str]) -> None:
        self.lines.append((group, stream, lines))

    def call_from_thread(
        self, service: str, operation: str, parameters: Mapping[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        self.calls.append((service, operation, parameters))
        raise TimeoutError


def test_a_record_is_a_line_of_the_group_in_a_stream_of_the_pool() -> None:
    engine = Engine()
    LogDelivery(engine, lambda: 0.0)(TO_GROUP, POOL, RECORD)
    ((group, stream, (line,)),) = engine.lines
    assert (group, stream, orjson.loads(line)) == ("/aws/vendedlogs/x", POOL, RECORD)


def test_a_bucket_that_does_not_answer_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine()
    LogDelivery(engine, lambda: 0.0)(TO_BUCKET, POOL, RECORD)
    ((service, operation, given),) = engine.calls
    assert (service, operation, given["Bucket"]) == ("s3", "PutObject", "logs")
    assert given["Key"] == f"AWSLogs/1/userAuthEvents/{POOL}/1970/01/01/00/the-event-1790000000123.json"
    assert "was not delivered" in caplog.text
