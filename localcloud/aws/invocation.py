"""One invocation: its identity, its limit, and how the worker's reply becomes a result."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, NoReturn

from localcloud.aws import worker
from localcloud.aws.execution_environment import ExecutionEnvironment, WorkerExitError, WorkerTimeoutError
from localcloud.aws.function import Function, FunctionError, Result, sandbox_error
from localcloud.aws.function_log import end_lines, start_line


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_JSON = json.JSONDecoder(parse_constant=_refuse_constant)


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of a function on one event. Times are `time.monotonic()`, the limit is in seconds."""

    function: Function
    request_id: str
    started: float
    limit: float

    @classmethod
    def start(cls, function: Function, deadline: float | None) -> Invocation:
        """Begin to count: the function's own timeout, or less where the caller waits less."""
        started = time.monotonic()
        limit = function.timeout if deadline is None else min(function.timeout, deadline - started)
        return cls(function, str(uuid.uuid4()), started, limit)

    @property
    def deadline(self) -> float:
        """When the worker is killed."""
        return self.started + self.limit

    def refuse(self, error_type: str, message: str) -> Result:
        """The result of an invocation that never ran."""
        return Result(self.request_id, None, sandbox_error("Refused", error_type, message), 0.0, 0.0, ())

    def fail(self, message: str) -> Result:
        """The result of a handler that raised."""
        document = {"errorMessage": message, "errorType": "Exception", "requestId": self.request_id, "stackTrace": []}
        return Result(self.request_id, None, FunctionError("Unhandled", document), 0.0, 0.0, ())

    def time_out(self) -> Result:
        """The result of a handler that did not come to an end."""
        return Result(self.request_id, None, self._timed_out(), self.limit * 1000, 0.0, ())

    def run(self, environment: ExecutionEnvironment, request: bytes) -> Result:
        """Send the request, after the handler is imported, and judge the reply. Kills a worker that is late."""
        payload, error = None, None
        lines: list[str] = []
        init_ms, began = 0.0, self.started
        try:
            if not environment.warm:
                reply = environment.wait_until_ready(self.deadline)
                began = time.monotonic()
                init_ms = (began - self.started) * 1000
                lines += environment.take_output()
            if environment.warm:
                reply = environment.call(request, self.deadline)
            payload, error = self._read(environment, *reply)
        except WorkerTimeoutError:
            environment.kill()
            error = self._timed_out()
        except WorkerExitError as exit_:
            message = f"RequestId: {self.request_id} Error: {exit_}"
            error = sandbox_error("ExitError", "Runtime.ExitError", message)
        duration_ms = (time.monotonic() - began) * 1000
        lines += [start_line(self.function, self.request_id), *environment.take_output()]
        lines += end_lines(self.function, self.request_id, error, duration_ms, init_ms, environment.peak_mb)
        return Result(self.request_id, payload, error, duration_ms, init_ms, tuple(lines))

    def _timed_out(self) -> FunctionError:
        message = f"RequestId: {self.request_id} Error: Task timed out after {self.limit:.2f} seconds"
        return sandbox_error("Timeout", "Sandbox.Timedout", message)

    def _read(self, environment: ExecutionEnvironment, kind: bytes, text: bytes) -> tuple[Any, FunctionError | None]:
        try:
            value = _JSON.decode(text.decode())
        except (ValueError, RecursionError) as error:
            message = f"Unable to marshal response: {error}"
            document = {"errorMessage": message, "errorType": "Runtime.MarshalError", "requestId": self.request_id}
            return None, FunctionError("Unhandled", {**document, "stackTrace": []})
        if kind == worker.PAYLOAD:
            return value, None
        # The handler can have written this to the channel itself. Nothing that it says later would be an answer.
        if not isinstance(value, dict) or not {"errorType", "errorMessage"} <= value.keys():
            raise WorkerExitError(environment.kill())
        if kind == worker.INIT_FAILED:
            value["requestId"] = self.request_id
        return None, FunctionError("Unhandled", value)
