"""When and how the engine's state is kept: a snapshot of a service at each change of a resource, a journal of items."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from localcloud.aws.seams import is_loaded
from localcloud.aws.services import DYNAMODB_WRITES, SERVICES, changes_resources
from localcloud.aws.state import State, Write
from localcloud.iam.actions import Call

# Writes that a start may have to replay: some seconds.
_JOURNAL_LENGTH = 20_000

_STORES = sorted({service.module for service in SERVICES.values()})


class Snapshots:
    """The engine's state on disk."""

    def __init__(self, path: Path, module: Callable[[str], Any], codec: Any) -> None:
        """`module` gives a service's module, `codec` is the engine's own way to write its stores as JSON."""
        self._state = State(path)
        self._module = module
        self._codec = codec
        self._changed: set[str] = set()

    async def restore(self, port: int, scope: Callable[[str], AbstractContextManager[None]]) -> None:
        """Bring back what was saved, then the writes of items that came after."""
        for name, state in self._state.load(port).items():
            self._module(name).load_persisted_state(json.loads(state, object_hook=self._codec._json_object_hook))
        target = SERVICES["dynamodb"].target
        for write in self._state.writes():
            headers = {"x-amz-target": f"{target}.{write.operation}", "content-type": "application/x-amz-json-1.0"}
            with scope(write.region):
                await self._module("dynamodb").handle_request("POST", "/", headers, write.body, {})
            self._changed.add("dynamodb")
        self.save()

    def note(self, call: Call, body: bytes) -> bool:
        """Take note of a call that succeeded. Says whether it changed a resource, so that a save is due."""
        if call.service == "dynamodb" and call.operation in DYNAMODB_WRITES:
            length = self._state.append(Write(call.region, call.operation, body))
            if length < _JOURNAL_LENGTH:
                return False
            self._changed.add("dynamodb")
            return True
        if changes_resources(call.operation):
            self._changed.add(SERVICES[call.service].module)
            return True
        return False

    def save(self, everything: bool = False) -> None:
        """Keep the services that changed since the last save, or all that there are."""
        names = [name for name in _STORES if is_loaded(f"ministack.services.{name}")] if everything else self._changed
        states = {name: self._module(name).get_state() for name in names if hasattr(self._module(name), "get_state")}
        encode = self._codec._json_default
        self._state.save({name: json.dumps(state, default=encode) for name, state in states.items() if state})
        self._changed.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._changed.clear()
        self._state.clear()

    def close(self) -> None:
        """Give the file back."""
        self._state.close()
