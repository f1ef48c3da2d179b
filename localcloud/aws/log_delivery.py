"""Records of a user pool's log, into the engine's CloudWatch Logs and S3. Delivery is best effort, as on AWS."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import orjson

_SECONDS = 5.0
"""How long a sign-in may wait for a bucket."""

_log = logging.getLogger(__name__)


class Engine(Protocol):
    """What is needed of the engine."""

    account: str

    def put_log_lines(self, group: str, stream: str, lines: list[str]) -> None:
        """Write log events."""
        ...

    def call_from_thread(
        self, service: str, operation: str, parameters: Mapping[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        """Make a call as the account itself."""
        ...


class LogDelivery:
    """Takes a record to where a `LogConfigurationType` says; never raises, and never on the event loop's thread."""

    def __init__(self, engine: Engine, now: Callable[[], float]) -> None:
        """`now` is the cloud's time, by which objects are named."""
        self._engine = engine
        self._now = now

    def __call__(self, destination: Mapping[str, Any], source: str, record: Mapping[str, Any]) -> None:
        """Deliver one record of the pool `source`."""
        try:
            self._deliver(destination, source, record)
        except Exception:
            # A bucket that is not there, or an engine that has not started: the user signs in all the same.
            _log.exception("a record of %s was not delivered", source)

    def _deliver(self, destination: Mapping[str, Any], source: str, record: Mapping[str, Any]) -> None:
        body = orjson.dumps(record)
        if group := destination.get("CloudWatchLogsConfiguration"):
            self._engine.put_log_lines(group["LogGroupArn"].split(":log-group:")[1], source, [body.decode()])
        if bucket := destination.get("S3Configuration"):
            day = time.strftime("%Y/%m/%d/%H", time.gmtime(self._now()))
            name = f"{record['message']['eventId']}-{record['eventTimestamp']}.json"
            place = {
                "Bucket": bucket["BucketArn"].rpartition(":")[2],
                "Key": f"AWSLogs/{self._engine.account}/{destination['EventSource']}/{source}/{day}/{name}",
            }
            self._engine.call_from_thread("s3", "PutObject", {**place, "Body": body}, _SECONDS)
