"""The engine's EventBridge: AWS's own services put their events here, and a rule's functions are run by ours.

The engine runs a rule's function without asking the function's policy, once, and forgets what fails.
"""

from __future__ import annotations

import contextvars
import json
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.aws.seams import Seams, is_loaded

if TYPE_CHECKING:
    from localcloud.aws.catalog import Catalog

_MODULE = "eventbridge"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a function: ARNs of it, of the rule, and of the target's dead-letter queue, if any."""

    function: str
    event: Any
    rule: str
    dead_letters: str


_on_its_way: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("on_its_way")
"""The rule, and the dead-letter queue of the target, that an event is just being handed to."""

_log = logging.getLogger(__name__)


def _nobody(delivery: Delivery) -> None:
    _log.error("nobody runs %s for %s", delivery.function, delivery.rule)


class EventBus:
    """The default event bus. All of it belongs to the engine's loop."""

    def __init__(self, catalog: Catalog) -> None:
        """Nothing is imported yet. `deliver` is called for each event that a rule has for a function."""
        self._catalog = catalog
        self.deliver: Callable[[Delivery], None] = _nobody

    def install(self, seams: Seams) -> None:
        """Take the place of the engine's own way to functions."""
        events = self._catalog.module(_MODULE)
        invoke = seams.original(events, "_invoke_target")

        def invoke_target(target: Mapping[str, Any], event: Any, rule: Mapping[str, Any], view: Any = None) -> None:
            token = _on_its_way.set((rule["Arn"], (target.get("DeadLetterConfig") or {}).get("Arn", "")))
            try:
                invoke(target, event, rule, view)
            finally:
                _on_its_way.reset(token)

        seams.replace(events, "_invoke_target", invoke_target)
        seams.replace(events, "_dispatch_to_lambda", self._to_function)

    def has_rules(self) -> bool:
        """Whether any rule waits for events: without one, none has to be made."""
        if not is_loaded(f"ministack.services.{_MODULE}"):
            return False
        with self._catalog.scope():
            rules = self._catalog.module(_MODULE)._rules.values()
            return any(rule["State"] == "ENABLED" and rule["EventPattern"] for rule in rules)

    def put(self, source: str, detail_type: str, detail: Mapping[str, Any], at: float) -> None:
        """Put an event of an AWS service, such as `aws.cognito-idp`; `at` in seconds since the epoch.

        Nobody else can: PutEvents refuses every source that begins with `aws.`.
        """
        event = {
            "EventId": str(uuid.uuid4()),
            "Source": source,
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
            "EventBusName": "default",
            "Time": int(at),
            "Resources": [],
            "Account": self._catalog.account,
            "Region": self._catalog.region,
        }
        with self._catalog.scope():
            self._catalog.module(_MODULE)._dispatch_event(event)

    def _to_function(self, arn: str, payload: str) -> None:
        rule, dead_letters = _on_its_way.get()
        self.deliver(Delivery(arn, json.loads(payload), rule, dead_letters))
