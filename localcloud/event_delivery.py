"""Events on their way to functions: EventBridge asks the function's policy; Lambda runs it, tries again, gives up.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from localcloud.access.authorization import Authorizer
from localcloud.aws.engine import Engine
from localcloud.aws.event_bus import Delivery
from localcloud.aws.function import Function, Result
from localcloud.errors import AwsError

SERVICE = "events.amazonaws.com"

_WAITS = (1.0, 2.0)
"""Seconds before each further try. On AWS they are one minute and two."""

_AT_ONCE = 8
_PATIENCE = 5.0
"""Seconds for a call of the engine's own: its loop may have ended meanwhile."""

_log = logging.getLogger(__name__)


class EventDelivery:
    """Takes events from the engine's loop and runs functions on threads of its own."""

    def __init__(
        self,
        engine: Engine,
        authorizer: Authorizer,
        run: Callable[[Function, Any], Result],
        credentials: Callable[[Function], Mapping[str, str]],
    ) -> None:
        """`run` runs a function, `credentials` gives the AWS_* variables of its role."""
        self._engine = engine
        self._authorizer = authorizer
        self._run = run
        self._credentials = credentials
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="event")
        self._closing = threading.Event()

    def __call__(self, delivery: Delivery) -> None:
        """Deliver an event; returns before it is."""
        self._threads.submit(self._deliver, delivery)

    def invoke_later(self, arn: str, event: Mapping[str, Any], *, service: str, source_arn: str) -> None:
        """Run a function for an AWS service that does not wait for it; returns before it runs."""
        # A call that ends after the server has nobody to run functions for.
        with contextlib.suppress(RuntimeError):
            self._threads.submit(self._invoke_for, service, source_arn, arn, event)

    def close(self) -> None:
        """Give up what waits. What is running ends with its function's worker."""
        self._closing.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, delivery: Delivery) -> None:
        try:
            function = self._engine.function(delivery.function)
            # Attack: a rule that runs a function which never let it in. AWS asks the function's policy, so do we.
            if function is None or not self._authorizer.may_invoke(function, SERVICE, delivery.rule):
                return self._to_dead_letters(delivery)
            self._invoke(function, delivery.event)
        except Exception:
            # Nobody asks this thread what became of it: what is not logged here is lost in silence.
            if not self._closing.is_set():
                _log.exception("an event of %s was lost", delivery.rule)

    def _invoke_for(self, service: str, source_arn: str, arn: str, event: Any) -> None:
        try:
            function = self._engine.function(arn)
            # Attack: another pool's sender, or another service, running a function that never let it in.
            if function is None or not self._authorizer.may_invoke(function, service, source_arn):
                return _log.warning("%s may not invoke %s for %s", service, arn, source_arn)
            self._invoke(function, event)
        except Exception:
            if not self._closing.is_set():
                _log.exception("an event of %s for %s was lost", service, arn)

    def _invoke(self, function: Function, event: Any) -> None:
        config = self._call("lambda", "GetFunctionEventInvokeConfig", **_named(function.arn)) or {}
        waits = _WAITS[: config.get("MaximumRetryAttempts", len(_WAITS))]
        for wait in (*waits, 0.0):
            result = self._run(function, event)
            if result.error is None:
                return
            _log.warning("%s failed on an event: %s", function.name, result.error.error_type)
            if self._closing.wait(wait):
                return
        destination = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
        if destination:
            self._send_as(function, destination, _failure(function, event, result, len(waits) + 1))

    def _to_dead_letters(self, delivery: Delivery) -> None:
        queue, rule = delivery.dead_letters, delivery.rule
        _log.warning("the rule %s may not invoke %s", rule, delivery.function)
        # Attack: a rule that fills somebody's queue. As on AWS, the queue's own policy lets it, or the event is lost.
        if queue and self._authorizer.lets(SERVICE, "sqs:SendMessage", queue, rule):
            attributes = {"RULE_ARN": rule, "TARGET_ARN": delivery.function, "ERROR_CODE": "NO_PERMISSIONS"}
            self._call(
                "sqs",
                "SendMessage",
                QueueUrl=self._queue_url(queue),
                MessageBody=json.dumps(delivery.event),
                MessageAttributes={n: {"DataType": "String", "StringValue": v} for n, v in attributes.items()},
            )

    def _send_as(self, function: Function, queue: str, message: Mapping[str, Any]) -> None:
        """Send with the function's own keys, through the front door: its role decides."""
        import boto3

        keys = {name.lower(): value for name, value in self._credentials(function).items()}
        endpoint = f"http://127.0.0.1:{self._engine.port}"
        client = boto3.client("sqs", endpoint_url=endpoint, region_name=queue.split(":")[3], **keys)  # type: ignore[call-overload]
        client.send_message(QueueUrl=self._queue_url(queue), MessageBody=json.dumps(message))

    def _queue_url(self, arn: str) -> str:
        return f"http://127.0.0.1:{self._engine.port}/{arn.split(':')[4]}/{arn.split(':')[5]}"

    def _call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """A call as the account itself; None for what is not there."""
        with contextlib.suppress(AwsError):
            return self._engine.call_from_thread(service, operation, parameters, _PATIENCE)
        return None


def _named(arn: str) -> dict[str, str]:
    name, *qualifier = arn.split(":")[6:]
    return {"FunctionName": name, **({"Qualifier": qualifier[0]} if qualifier else {})}


def _failure(function: Function, event: Any, result: Result, attempts: int) -> dict[str, Any]:
    """What Lambda tells a destination of an event that it gave up."""
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "requestContext": {
            "requestId": result.request_id,
            "functionArn": function.arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": function.version, "functionError": "Unhandled"},
        "responsePayload": dict(result.error.document) if result.error else {},
    }
