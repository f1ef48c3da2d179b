"""The log events of an invocation as Lambda writes them, and a writer that never holds an answer back."""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Callable

from localcloud.aws.function import Function, FunctionError

_log = logging.getLogger(__name__)

Write = Callable[[Function, str, list[str]], None]


def start_line(function: Function, request_id: str) -> str:
    """The event that opens an invocation."""
    return f"START RequestId: {request_id} Version: {function.version}"


def end_lines(
    function: Function, request_id: str, error: FunctionError | None, duration_ms: float, init_ms: float, peak_mb: int
) -> list[str]:
    """The events that close an invocation: Lambda's own error if there is one, END, REPORT.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
    """
    report = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(duration_ms + init_ms)} ms",
        f"Memory Size: {function.memory_mb} MB",
        f"Max Memory Used: {peak_mb} MB",
    ]
    if init_ms:
        report.append(f"Init Duration: {init_ms:.2f} ms")
    lines = []
    if error and error.kind == "Timeout":
        lines.append(error.message)
        report.append("Status: timeout")
    elif error and error.kind == "ExitError":
        lines.append(f"{error.message}\n{error.error_type}")
        report += ["Status: error", f"Error Type: {error.error_type}"]
    return [*lines, f"END RequestId: {request_id}", "\t".join(report)]


class FunctionLog:
    """Hands log events to `write` on a thread of its own, in order. `close` waits until all are written."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._events: queue.SimpleQueue[tuple[Function, str, list[str]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="function-log", daemon=True)
        self._thread.start()

    def put(self, function: Function, stream: str, lines: list[str]) -> None:
        """Queue the events of one invocation."""
        self._events.put((function, stream, lines))

    def close(self) -> None:
        """Write what is queued and stop."""
        self._events.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (entry := self._events.get()) is not None:
            try:
                self._write(*entry)
            except Exception:
                # One lost entry must not end the log of every function.
                _log.exception("log of function %s not written", entry[0].name)
